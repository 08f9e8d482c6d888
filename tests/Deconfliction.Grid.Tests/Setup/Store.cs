using Deconfliction.Ledger;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deconfliction.Grid.Tests.Setup;

/// <summary>A store in a temporary folder, and any number of grids over it.</summary>
public sealed class Store : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly List<TestGrid> _grids = [];

    private Store(DirectoryInfo folder, ILedger ledger)
    {
        _folder = folder;
        Ledger = ledger;
    }

    /// <summary>The ledger itself, without faults: what a test looks at afterwards.</summary>
    public ILedger Ledger { get; }

    public static async Task<Store> OpenAsync(int longAbove = 1_000)
    {
        var folder = Directory.CreateTempSubdirectory("grid-tests-");
        var ledger = await LedgerFactory.OpenSqliteAsync(
            Path.Combine(folder.FullName, "ledger.db"),
            new LedgerOptions { AuditKey = new byte[32], LongAbove = longAbove },
            NullLoggerFactory.Instance,
            CancellationToken.None);
        return new Store(folder, ledger);
    }

    /// <summary>A grid of its own over the store: blind to the others.</summary>
    public async Task<TestGrid> GridAsync(GridOptions? options = null)
    {
        var grid = await TestGrid.StartAsync(Ledger, options ?? new GridOptions());
        _grids.Add(grid);
        return grid;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var grid in _grids)
        {
            await grid.DisposeAsync();
        }

        await Ledger.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}
