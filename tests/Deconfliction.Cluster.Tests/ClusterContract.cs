using Deconfliction.Cluster.Tests.Setup;
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

namespace Deconfliction.Cluster.Tests;

/// <summary>The whole contract, of a cluster of three silos.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ClusterContract : ICollectionFixture<SharedGrid<OnThreeSilos>>
{
    /// <summary>What the tests that share the cluster name.</summary>
    public const string Name = "the contract on three silos";
}

[Collection(ClusterContract.Name)]
public sealed class ClusterClaimTests(SharedGrid<OnThreeSilos> shared) : ClaimContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterListTests(SharedGrid<OnThreeSilos> shared) : ListContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterRequestIdTests(SharedGrid<OnThreeSilos> shared) : RequestIdContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterImportTests(SharedGrid<OnThreeSilos> shared) : ImportContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterWindowTests(SharedGrid<OnThreeSilos> shared) : WindowContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterForeignObjectTests(SharedGrid<OnThreeSilos> shared) : ForeignObjectContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterCheckTests(SharedGrid<OnThreeSilos> shared) : CheckContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterOverlapTests(SharedGrid<OnThreeSilos> shared) : OverlapContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterHazardTests(SharedGrid<OnThreeSilos> shared) : HazardContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterCrowdTests(SharedGrid<OnThreeSilos> shared) : CrowdContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterFeedTests(SharedGrid<OnThreeSilos> shared) : FeedContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterAgencyTests(SharedGrid<OnThreeSilos> shared) : AgencyContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterAuditTests(SharedGrid<OnThreeSilos> shared) : AuditContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterBadInputTests(SharedGrid<OnThreeSilos> shared) : BadInputContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterHealthTests(SharedGrid<OnThreeSilos> shared) : HealthContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterDisclosureMatrixTests(SharedGrid<OnThreeSilos> shared) : DisclosureMatrixContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterFieldSweepTests(SharedGrid<OnThreeSilos> shared) : FieldSweepContract(shared);

[Collection(ClusterContract.Name)]
public sealed class ClusterRaceTests(SharedGrid<OnThreeSilos> shared) : RaceContract(shared);

[Collection(OneAtATime.Name)]
public sealed class ClusterBudgetTests : BudgetContract<OnThreeSilos>
{
    // Each silo holds a portion of its own when the budget ends.
    protected override double Slack => 1.1;
}

// On a cluster each import takes half a minute: the one under kills shows what the one without would.
public sealed class ClusterRealInputTests : RealInputKillContract<OnThreeSilos>;

[Collection(OneAtATime.Name)]
public sealed class ClusterKillTests : KillContract<OnThreeSilos>
{
    protected override int Seed => 5103;

    // All silos at once, from nothing: each round costs what the cluster waits for those that its table still lists.
    protected override int Rounds => 3;
}

public sealed class ClusterDatabaseTests : DatabaseContract<OnThreeSilos>
{
    protected override int Seed => 6103;

    protected override int Rounds => 5;
}

public sealed class ClusterCanaryTests : PostgresCanaryContract<OnThreeSilos>;
