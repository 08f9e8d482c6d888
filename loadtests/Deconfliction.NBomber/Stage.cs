using Deconfliction.LoadTests;
using Deconfliction.LoadTests.Reporting;
using Deconfliction.LoadTests.Rows;
using Deconfliction.LoadTests.Rows.Sides;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.NBomber;

/// <summary>A PostgreSQL, and what a scenario starts on it; all of it ends with this, the last first.</summary>
/// <param name="length">How long the scenario runs, with its warm-up.</param>
internal sealed class Stage(TimeSpan length) : IAsyncDisposable
{
    private readonly Stack<IAsyncDisposable> _started = new();

    /// <summary>How long the scenario runs, with its warm-up.</summary>
    public TimeSpan Length => length;

    /// <summary>What is started, and ends with this.</summary>
    public T Keep<T>(T one)
        where T : IAsyncDisposable
    {
        _started.Push(one);
        return one;
    }

    /// <summary>A database server, with the settings of <c>loadtests/run</c>.</summary>
    public Bench NewBench() => Keep(new Bench(
        new LoadOptions(), new Report(Machine.Read(), DateTimeOffset.UtcNow), new Progress(Console.Error, isTerminal: false), RowBench.DatabaseSettings));

    /// <summary>A server on a fresh database.</summary>
    public async Task<GridOnTrial> StartGridAsync() => Keep(await NewBench().StartGridAsync(Store.Postgres, CancellationToken.None));

    /// <summary>An agency that calls, on the connections of <c>loadtests/run</c>.</summary>
    public async Task<AgencyUnderLoad> ConnectCallerAsync(GridOnTrial grid) => Keep(await grid.ConnectAgencyAsync("caller", GridSide.Connections));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_started.TryPop(out var one))
        {
            await one.DisposeAsync();
        }
    }
}
