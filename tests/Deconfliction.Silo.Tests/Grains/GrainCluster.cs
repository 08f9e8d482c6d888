using System.Collections.Concurrent;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Agencies;
using Deconfliction.Grid.Hosting;
using Deconfliction.Grid.Snapshots;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Ledger;
using Deconfliction.Silo.Budgets;
using Deconfliction.Silo.Clustering;
using Deconfliction.Silo.Grains;
using Deconfliction.Silo.Hosting;
using Deconfliction.Silo.Snapshots;
using Deconfliction.Silo.Tests.Snapshots;
using Deconfliction.Silo.Tests.Sql;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;
using Orleans.TestingHost;
using RequestContext = Deconfliction.Grid.RequestContext;

namespace Deconfliction.Silo.Tests.Grains;

/// <summary>One silo of a test: what its gateway would call, and what lives on it.</summary>
internal sealed class TestSilo
{
    public required ClusterActors Actors { get; init; }

    public required LocalIdentifiers Identifiers { get; init; }

    public required ResidentGrains Residents { get; init; }

    public required CountedSnapshots Snapshots { get; init; }

    public ResidentParts Sweeps { get; } = new();

    public InProcessSiloHandle Handle { get; set; } = null!;
}

/// <summary>
/// Silos in this process over one real ledger, with the product's grains, directory and callers. Messages go through Orleans' serializer.
/// The membership is the test's: what happens when silos disagree is shown by processes, not here.
/// </summary>
internal sealed class GrainCluster : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, TestSilo> _made = new(StringComparer.Ordinal);
    private readonly DirectoryInfo _folder;
    private readonly ILedger _store;
    private readonly GridMeters _meters = new();
    private readonly IIdSource _ids = new UuidV7Source();
    private readonly OrleansDatabase? _snapshots;
    private InProcessTestCluster _orleans = null!;

    private GrainCluster(DirectoryInfo folder, ILedger store, OrleansDatabase? snapshots)
    {
        _folder = folder;
        _snapshots = snapshots;
        _store = store;
        Ledger = new FaultyLedger(store);
    }

    /// <summary>What the silos write to; a test may hold it up.</summary>
    public FaultyLedger Ledger { get; }

    /// <summary>The silos that run.</summary>
    public IReadOnlyList<TestSilo> Silos => [.. _orleans.Silos.Select(handle => _made[handle.Name])];

    public static async Task<GrainCluster> StartAsync(int silos, int maximumActors = 10_000)
    {
        var folder = Directory.CreateTempSubdirectory("silo-tests-");
        var store = await LedgerFactory.OpenSqliteAsync(
            Path.Combine(folder.FullName, "ledger.db"), new LedgerOptions { AuditKey = new byte[32] }, NullLoggerFactory.Instance, CancellationToken.None);
        return await StartAsync(silos, new GridOptions { MaximumActors = maximumActors }, new GrainCluster(folder, store, snapshots: null));
    }

    /// <summary>The ledger and Orleans' storage are on PostgreSQL, and an identifier with more claims than so many is long.</summary>
    public static async Task<GrainCluster> StartAsync(int silos, OrleansDatabase database, int longAbove)
    {
        var store = await LedgerFactory.OpenPostgresAsync(
            database.ConnectionString, new LedgerOptions { AuditKey = new byte[32], LongAbove = longAbove }, NullLoggerFactory.Instance, CancellationToken.None);
        var options = new GridOptions
        {
            // Each claim is by an agency of its own, and no crowd is to hold their pairs back.
            Policy = new Policy { CrowdCap = 10_000 },
            SnapshotAbove = longAbove,
            SnapshotAfterChanges = 5,
            SnapshotInterval = TimeSpan.FromMilliseconds(1),
        };
        return await StartAsync(silos, options, new GrainCluster(Directory.CreateTempSubdirectory("silo-tests-"), store, database));
    }

    private static async Task<GrainCluster> StartAsync(int silos, GridOptions options, GrainCluster cluster)
    {
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.InitializeClientOnDeploy = false;
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureSilo((silo, orleans) => cluster.Configure(silo.SiloName, orleans, options));
        cluster._orleans = builder.Build();
        await cluster._orleans.DeployAsync();
        cluster.Join();
        return cluster;
    }

    public async Task<TestSilo> AddAsync()
    {
        var handle = await _orleans.StartAdditionalSiloAsync();
        Join();
        return _made[handle.Name];
    }

    /// <summary>It does not say good-bye, and what it was doing goes on: as a silo that stood still.</summary>
    public Task KillAsync(TestSilo silo) => _orleans.KillSiloAsync(silo.Handle);

    /// <summary>In order.</summary>
    public Task StopAsync(TestSilo silo) => _orleans.StopSiloAsync(silo.Handle);

    /// <summary>The silo where a grain lives by the newest view of a silo.</summary>
    public TestSilo OwnerOf(GrainId grain, TestSilo seenBy)
    {
        var owner = seenBy.Handle.ServiceProvider.GetRequiredService<OwnerDirectory>().Current.OwnerOf(grain);
        return Silos.Single(silo => silo.Handle.SiloAddress.Equals(owner));
    }

    /// <summary>A value whose grain lives on a silo.</summary>
    public string ValueOn(TestSilo silo, int skip = 0) =>
        Enumerable.Range(0, 10_000).Select(static number => $"value {number}").Where(value => OwnerOf(Keys.Grain(value), silo) == silo).Skip(skip).First();

    /// <summary>A claim, asked for at a silo.</summary>
    public Task<Answer> ClaimAsync(TestSilo at, string agency, string value, Guid? requestId = null, string caseReference = "case-1", CancellationToken cancellationToken = default) =>
        at.Actors.AskAsync(Keys.Key(value), Turn(agency, value, requestId ?? Guid.NewGuid(), caseReference), cancellationToken);

    /// <summary>The live claims on a value, by the ledger.</summary>
    public async Task<IReadOnlyList<Claim>> ClaimsOnAsync(string value) =>
        (await _store.LoadLongAsync(Keys.Tag(value), after: null, CancellationToken.None))?.Claims ?? [];

    public async ValueTask DisposeAsync()
    {
        await _orleans.DisposeAsync();
        foreach (var silo in _made.Values)
        {
            await silo.Identifiers.DisposeAsync();
        }

        _meters.Dispose();
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private Turn Turn(string agency, string value, Guid requestId, string caseReference)
    {
        var caller = new Caller(AgencyId.Parse(agency), AgencyRole.LawEnforcement, "01ab");
        var draft = new Claim
        {
            Id = _ids.Next(Ledger.Now),
            Agency = caller.Agency,
            Role = caller.Role,
            Case = caseReference,
            Sealed = System.Text.Encoding.UTF8.GetBytes($"sealed {value}"),
        };
        return new Turn(
            new Question.MakeClaim(new Command.MakeClaim(draft, Lifetime: null, Hazard: null)),
            new RequestContext(caller, "officer-1", requestId, new byte[32]));
    }

    private void Join()
    {
        foreach (var handle in _orleans.Silos)
        {
            var silo = _made[handle.Name];
            silo.Handle = handle;
            if (_snapshots is not null)
            {
                silo.Snapshots.Inner.Join(handle.ServiceProvider.GetRequiredKeyedService<IGrainStorage>(OrleansHost.SnapshotStorage));
            }

            _made[handle.Name].Actors.Join(
                handle.ServiceProvider.GetRequiredService<IGrainFactory>(), handle.ServiceProvider.GetRequiredService<OwnerDirectory>(),
                handle.ServiceProvider.GetRequiredService<Reach>());
        }
    }

    // As ClusterGrid and OrleansHost put it together, but for the network and the database's tables.
    private void Configure(string name, ISiloBuilder orleans, GridOptions options)
    {
        var actors = new ClusterActors(options, _meters, TimeProvider.System, NullLoggerFactory.Instance);
        var snapshots = new CountedSnapshots(new OrleansSnapshots(NullLogger.Instance));
        var context = new ActorContext(Ledger, options.Policy, _ids, TimeProvider.System, _meters, NullLoggerFactory.Instance, actors.Nudge)
        {
            Long = new LongIdentifiers(Ledger, snapshots, options, TimeProvider.System, NullLoggerFactory.Instance),
        };
        var residents = new ResidentGrains();
        var identifiers = new LocalIdentifiers(options, context, tag => residents.Dismiss(TagKeys.Grain(tag), "It had to make room."));
        _made[name] = new TestSilo { Actors = actors, Identifiers = identifiers, Residents = residents, Snapshots = snapshots };
        orleans.Configure<ClusterMembershipOptions>(FailureDetection.Configure);
        if (_snapshots is not null)
        {
            OrleansHost.UseSnapshots(orleans, _snapshots.Source);
        }

        orleans.UseInMemoryReminderService();
        OrleansHost.AddParts(
            orleans.Services,
            new SiloParts(context, identifiers, residents, new AgencyDirectory(Ledger, actors, TimeProvider.System, NullLoggerFactory.Instance), new LeasedBudgets(TimeProvider.System), _made[name].Sweeps),
            endpoint: "");
    }
}
