using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Agencies;
using Deconfliction.Grid.Budgets;
using Deconfliction.Grid.Solo;
using Deconfliction.Grid.Sweeps;
using Deconfliction.Ledger;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Grid;

/// <summary>The whole grid in one process over a ledger, which it does not own. The server runs <see cref="Upkeep"/>.</summary>
public sealed class SoloGrid : IRunningGrid
{
    private readonly SoloActors _actors;
    private readonly AgencyDirectory _directory;

    private SoloGrid(ILedger ledger, GridOptions options, TimeProvider time, ILoggerFactory logging)
    {
        _actors = new SoloActors(ledger, options, Ids, time, Meters, logging);
        _directory = new AgencyDirectory(ledger, _actors, time, logging);
        Grid = new Grid(ledger, _actors, options, Meters, time);
        Budgets = new LocalBudgets(time);
        Upkeep = new Upkeep(ledger, _actors, _directory, Ids, options, time, logging);
    }

    /// <inheritdoc/>
    public IGrid Grid { get; }

    /// <inheritdoc/>
    public IAgencyDirectory Agencies => _directory;

    /// <inheritdoc/>
    public IBudgets Budgets { get; }

    /// <inheritdoc/>
    public Upkeep Upkeep { get; }

    /// <inheritdoc/>
    public IIdSource Ids { get; } = new UuidV7Source();

    /// <summary>The grid's measurements.</summary>
    public GridMeters Meters { get; } = new();

    /// <summary>Identifiers held in memory now.</summary>
    public int ActiveActors => _actors.ActiveActors;

    /// <summary>Puts the grid together and reads the agencies.</summary>
    /// <exception cref="InvalidOperationException">An option is out of its range.</exception>
    public static async Task<SoloGrid> StartAsync(
        ILedger ledger, GridOptions options, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var grid = new SoloGrid(ledger, options.Validated(), time, logging);
        await grid._directory.RefreshAsync(cancellationToken);
        return grid;
    }

    /// <summary>Takes no more turns and waits for those under way; then the ledger may be closed.</summary>
    public async ValueTask DisposeAsync()
    {
        await _actors.DisposeAsync();
        _directory.Dispose();
        Meters.Dispose();
    }
}
