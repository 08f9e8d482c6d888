using Deconfliction.Contract.Agencies;
using Deconfliction.Contract.Attacks;
using Deconfliction.Contract.Audit;
using Deconfliction.Contract.Budgets;
using Deconfliction.Contract.Checks;
using Deconfliction.Contract.Claims;
using Deconfliction.Contract.Disclosing;
using Deconfliction.Contract.Faults;
using Deconfliction.Contract.Feeds;
using Deconfliction.Contract.Health;
using Deconfliction.Contract.Holds;
using Deconfliction.Contract.Input;
using Deconfliction.Contract.Overlaps;
using Deconfliction.Contract.RealInput;
using Deconfliction.Contract.Setup;

namespace Deconfliction.EndToEnd.Tests;

/// <summary>The whole contract, of the solo edition on PostgreSQL.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresContract : ICollectionFixture<SharedGrid<OnPostgres>>
{
    /// <summary>What the tests that share the grid name.</summary>
    public const string Name = "the contract on PostgreSQL";
}

[Collection(PostgresContract.Name)]
public sealed class PostgresClaimTests(SharedGrid<OnPostgres> shared) : ClaimContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresListTests(SharedGrid<OnPostgres> shared) : ListContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresRequestIdTests(SharedGrid<OnPostgres> shared) : RequestIdContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresImportTests(SharedGrid<OnPostgres> shared) : ImportContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresWindowTests(SharedGrid<OnPostgres> shared) : WindowContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresForeignObjectTests(SharedGrid<OnPostgres> shared) : ForeignObjectContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresCheckTests(SharedGrid<OnPostgres> shared) : CheckContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresOverlapTests(SharedGrid<OnPostgres> shared) : OverlapContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresHazardTests(SharedGrid<OnPostgres> shared) : HazardContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresCrowdTests(SharedGrid<OnPostgres> shared) : CrowdContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresFeedTests(SharedGrid<OnPostgres> shared) : FeedContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresAgencyTests(SharedGrid<OnPostgres> shared) : AgencyContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresAuditTests(SharedGrid<OnPostgres> shared) : AuditContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresBadInputTests(SharedGrid<OnPostgres> shared) : BadInputContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresHealthTests(SharedGrid<OnPostgres> shared) : HealthContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresDisclosureMatrixTests(SharedGrid<OnPostgres> shared) : DisclosureMatrixContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresFieldSweepTests(SharedGrid<OnPostgres> shared) : FieldSweepContract(shared);

[Collection(PostgresContract.Name)]
public sealed class PostgresRaceTests(SharedGrid<OnPostgres> shared) : RaceContract(shared);

public sealed class PostgresBudgetTests : BudgetContract<OnPostgres>;

public sealed class PostgresRealInputTests : RealInputContract<OnPostgres>;

public sealed class PostgresKillTests : KillContract<OnPostgres>
{
    protected override int Seed => 5102;
}

public sealed class PostgresDatabaseTests : DatabaseContract<OnPostgres>
{
    protected override int Seed => 6101;
}

public sealed class PostgresCanaryTests : PostgresCanaryContract<OnPostgres>;
