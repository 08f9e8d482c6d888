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

/// <summary>The whole contract, of the solo edition on SQLite.</summary>
[CollectionDefinition(Name)]
public sealed class SqliteContract : ICollectionFixture<SharedGrid<OnSqlite>>
{
    /// <summary>What the tests that share the grid name.</summary>
    public const string Name = "the contract on SQLite";
}

[Collection(SqliteContract.Name)]
public sealed class SqliteClaimTests(SharedGrid<OnSqlite> shared) : ClaimContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteListTests(SharedGrid<OnSqlite> shared) : ListContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteRequestIdTests(SharedGrid<OnSqlite> shared) : RequestIdContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteImportTests(SharedGrid<OnSqlite> shared) : ImportContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteWindowTests(SharedGrid<OnSqlite> shared) : WindowContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteForeignObjectTests(SharedGrid<OnSqlite> shared) : ForeignObjectContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteCheckTests(SharedGrid<OnSqlite> shared) : CheckContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteOverlapTests(SharedGrid<OnSqlite> shared) : OverlapContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteHazardTests(SharedGrid<OnSqlite> shared) : HazardContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteCrowdTests(SharedGrid<OnSqlite> shared) : CrowdContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteFeedTests(SharedGrid<OnSqlite> shared) : FeedContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteAgencyTests(SharedGrid<OnSqlite> shared) : AgencyContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteAuditTests(SharedGrid<OnSqlite> shared) : AuditContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteBadInputTests(SharedGrid<OnSqlite> shared) : BadInputContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteHealthTests(SharedGrid<OnSqlite> shared) : HealthContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteDisclosureMatrixTests(SharedGrid<OnSqlite> shared) : DisclosureMatrixContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteFieldSweepTests(SharedGrid<OnSqlite> shared) : FieldSweepContract(shared);

[Collection(SqliteContract.Name)]
public sealed class SqliteRaceTests(SharedGrid<OnSqlite> shared) : RaceContract(shared);

public sealed class SqliteBudgetTests : BudgetContract<OnSqlite>;

public sealed class SqliteRealInputTests : RealInputContract<OnSqlite>;

public sealed class SqliteKillTests : KillContract<OnSqlite>
{
    protected override int Seed => 5101;
}
