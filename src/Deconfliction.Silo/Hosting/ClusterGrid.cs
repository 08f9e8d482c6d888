using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Agencies;
using Deconfliction.Grid.Budgets;
using Deconfliction.Grid.Hosting;
using Deconfliction.Grid.Snapshots;
using Deconfliction.Grid.Sweeps;
using Deconfliction.Ledger;
using Deconfliction.Silo.Budgets;
using Deconfliction.Silo.Clustering;
using Deconfliction.Silo.Grains;
using Deconfliction.Silo.Notices;
using Deconfliction.Silo.Snapshots;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Deconfliction.Silo.Hosting;

/// <summary>This silo's part of the grid: the same grid as in solo, over grains.</summary>
internal sealed class ClusterGrid : IRunningGrid
{
    // With the listeners' own drain before it and the ledger's end after it, a stop stays within 30 s.
    private static readonly TimeSpan s_orleansStop = TimeSpan.FromSeconds(8);

    private readonly ClusterActors _actors;
    private readonly LocalIdentifiers _identifiers;
    private readonly AgencyDirectory _directory;
    private readonly LeasedBudgets _budgets;
    private readonly OrleansSnapshots _snapshots;
    private readonly ILogger _log;
    private volatile NoticeBoard? _notices;
    private bool _hasJoined;

    private ClusterGrid(
        ILedger ledger, GridOptions options, TimeProvider time, ILoggerFactory logging, SnapshotPurge purge,
        Func<AgencyId, CancellationToken, Task<IAsyncDisposable>>? enter)
    {
        var budget = ActivationBudget.OfThisProcess();
        options = options with { MaximumActors = budget.Count, MaximumActorBytes = budget.Bytes, DrainTimeout = TimeSpan.FromSeconds(3) };
        _log = logging.CreateLogger("Deconfliction.Silo");
        _actors = new ClusterActors(options.Validated(), Meters, time, logging);
        _snapshots = new OrleansSnapshots(_log);
        var context = new ActorContext(ledger, options.Policy, Ids, time, Meters, logging, _actors.Nudge)
        {
            Long = new LongIdentifiers(ledger, _snapshots, options, time, logging),
        };
        var (residents, sweeps) = (new ResidentGrains(), new ResidentParts());
        _identifiers = new LocalIdentifiers(options, context, tag => residents.Dismiss(TagKeys.Grain(tag), "It had to make room."));
        _budgets = new LeasedBudgets(time);
        _directory = new AgencyDirectory(ledger, _actors, time, logging, () => _notices?.AgenciesChanged(), enter);
        Parts = new SiloParts(context, _identifiers, residents, _directory, _budgets, sweeps);
        Grid = new Grid.Grid(ledger, _actors, options, Meters, time);
        Upkeep = new Upkeep(ledger, _actors, _directory, Ids, options, time, logging, () => sweeps.Parts, purge.RunAsync);
    }

    /// <inheritdoc/>
    public IGrid Grid { get; }

    /// <inheritdoc/>
    public IAgencyDirectory Agencies => _directory;

    /// <inheritdoc/>
    public IBudgets Budgets => _budgets;

    /// <inheritdoc/>
    public Upkeep Upkeep { get; }

    /// <inheritdoc/>
    public IIdSource Ids { get; } = new UuidV7Source();

    /// <inheritdoc/>
    public GridMeters Meters { get; } = new();

    /// <summary>What the grains need.</summary>
    public SiloParts Parts { get; }

    /// <summary>The silo within the process; nothing before it was started.</summary>
    public IHost? Orleans { get; private set; }

    /// <summary>Puts it together, joins the cluster and reads the agencies.</summary>
    /// <param name="ledger">The record, which it does not own.</param>
    /// <param name="options">Periods and limits.</param>
    /// <param name="time">Serves time-outs.</param>
    /// <param name="logging">Where it logs.</param>
    /// <param name="build">Makes the silo for its parts.</param>
    /// <param name="purge">Removes old snapshots.</param>
    /// <param name="enter">Lets one silo at a time through adding an agency of an id; nothing where there is one only.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ClusterGrid> StartAsync(
        ILedger ledger, GridOptions options, TimeProvider time, ILoggerFactory logging, Func<SiloParts, IHost> build, SnapshotPurge purge,
        Func<AgencyId, CancellationToken, Task<IAsyncDisposable>>? enter, CancellationToken cancellationToken)
    {
        var grid = new ClusterGrid(ledger, options, time, logging, purge, enter);
        try
        {
            grid.Orleans = build(grid.Parts);
            grid._snapshots.Join(grid.Orleans.Services.GetRequiredKeyedService<IGrainStorage>(OrleansHost.SnapshotStorage));
            await grid.Orleans.StartAsync(cancellationToken);
            grid._hasJoined = grid.Orleans.Services.GetRequiredService<DeclaredDead>().HasJoined = true;
            var grains = grid.Orleans.Services.GetRequiredService<IGrainFactory>();
            grid._actors.Join(
                grains, grid.Orleans.Services.GetRequiredService<OwnerDirectory>(), grid.Orleans.Services.GetRequiredService<Reach>());
            grid._budgets.Join(grains);
            grid._notices = grid.Orleans.Services.GetRequiredService<NoticeBoard>();
            await grid._directory.RefreshAsync(cancellationToken);
            return grid;
        }
        catch
        {
            await grid.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes no more turns, waits for its own, and leaves the cluster; then the ledger may be closed.</summary>
    public async ValueTask DisposeAsync()
    {
        if (await _actors.DrainAsync() is var left and > 0)
        {
            SiloLog.DrainIncomplete(_log, left);
        }

        if (Orleans is { } silo)
        {
            // A silo that did not come up refuses to be stopped, and that would hide why.
            await (_hasJoined ? LeaveAsync(silo) : Task.CompletedTask);
            await ((IAsyncDisposable)silo).DisposeAsync();
        }

        await _identifiers.DisposeAsync();
        _directory.Dispose();
        Meters.Dispose();
    }

    private async Task LeaveAsync(IHost silo)
    {
        using var patience = new CancellationTokenSource(s_orleansStop);
        try
        {
            await silo.StopAsync(patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            SiloLog.LeftInHaste(_log, s_orleansStop.TotalSeconds);
        }
    }
}
