using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Rows.Sides;

/// <summary>The grid over gRPC and mutual TLS, unary calls in a closed loop.</summary>
/// <param name="grid">The server.</param>
/// <param name="load">What is called.</param>
/// <param name="unit">What it counts.</param>
/// <param name="callers">Numbers of callers to try, where not all are.</param>
internal sealed class GridSide(GridOnTrial grid, ILoad load, string unit, IReadOnlyList<int>? callers = null) : ISide
{
    /// <summary>Connections that the callers share: more than enough for the most callers that are tried, 256 to one.</summary>
    public const int Connections = 4;

    /// <summary>Numbers of callers that are tried.</summary>
    public static readonly int[] CallersToTry = [64, 128, 256, 512];

    private ClosedLoop? _loop;

    public string Name => $"the grid: {load.Name}";

    public string Unit => unit;

    public string Tuning => $"the grid: settings as they come but for the budgets, which are out of the way; unary calls over {Connections} connections with mutual TLS from a process of their own";

    public IReadOnlyList<int> Callers => callers ?? CallersToTry;

    public CpuSubjects Subjects => grid.Subjects;

    public long Done => _loop?.Done ?? 0;

    public async Task<SideRound> RunAsync(int number, TimeSpan length, CancellationToken cancellationToken)
    {
        var result = await (_loop = new ClosedLoop(number, load.CallAsync)).RunAsync(length, callsEach: 1, cancellationToken);
        return new SideRound(result.Rate, result.Latencies.Count, result.Latencies);
    }
}
