using System.Globalization;
using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Rows.Sides;

namespace Deconfliction.LoadTests.Rows;

/// <summary>How long a call takes at half of what the grid can do at most, at a fixed rate and from the moment it was due.</summary>
internal sealed class PacedRow : IRow
{
    /// <summary>Calls that may be open at once; a server that is well within its means has a few.</summary>
    public const int MostOpen = 4_000;

    private readonly bool _checks;
    private readonly Target _target;

    private PacedRow(bool checks, Target target) => (_checks, _target) = (checks, target);

    public string Name => _checks ? "check-p99" : "claim-p99";

    /// <summary>Of claims.</summary>
    public static PacedRow Claims() => new(checks: false, new Target(15, 8));

    /// <summary>Of checks.</summary>
    public static PacedRow OfChecks() => new(checks: true, new Target(8, 5));

    public async Task RunAsync(RowBench bench, CancellationToken cancellationToken)
    {
        await using var grid = await bench.StartGridAsync(cancellationToken);
        await using var agency = await grid.ConnectAgencyAsync("caller", GridSide.Connections);
        ILoad load = _checks
            ? new Checks(agency, ChecksRow.UsualHits, await ChecksRow.FillAsync(bench, grid, cancellationToken))
            : new FreshClaims(agency);
        var side = new GridSide(grid, load, "1/s");
        var (peak, callers) = await new Contest(bench, [side]).FindPeakAsync(side, cancellationToken);
        var rate = peak / 2;

        var rounds = new List<OpenLoopResult>();
        var costs = new List<CpuCost>();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            var clock = CpuClock.Start(grid.Subjects);
            var loop = new OpenLoop(rate, MostOpen, CallsOf(load));
            var result = await bench.Progress.FollowAsync(
                $"{Name}, {rate:N0}/s", loop.RunAsync(bench.OpenWarmUp, bench.Options.Length, cancellationToken), () => loop.Answered);
            costs.Add(clock.Stop(loop.Answered));
            rounds.Add(result);
            bench.Say(Told(result));
        }

        bench.Add($"{(_checks ? "check" : "claim")} p99 at half of peak load, open loop", "ms", rounds.Select(static round => round.Latencies.Percentile(0.99) / 1e6), _target);
        bench.Result.Sides.Add(new SideResult
        {
            Name = side.Name,
            Callers = $"open loop, {rate:N0}/s",
            Tried = $"the peak: {peak:N0}/s with {callers} callers",
            Unit = "1/s",
            Rounds = [.. rounds.Select(static round => round.Offered)],
            Latency = Latency.Of([.. rounds.Select(static round => round.Latencies)]),
            Cpu = CpuCost.Sum(costs),
            Tuning = side.Tuning,
        });
        bench.Result.Notes.Add("Open loop: calls at a fixed rate whatever is answered; a call's time counts from when it was due, one that could not be started with its wait.");
    }

    /// <summary>A load as an open loop calls it.</summary>
    public static Func<long, CancellationToken, Task<CallResult>> CallsOf(ILoad load) => async (number, token) =>
    {
        await load.CallAsync((int)(number % MostOpen), token);
        return CallResult.Done;
    };

    /// <summary>What a round gave, in a line.</summary>
    public static string Told(OpenLoopResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"offered {result.Offered:N0}/s, p50 {result.Latencies.Percentile(0.5) / 1e6:0.00} ms, p99 {result.Latencies.Percentile(0.99) / 1e6:0.00} ms, longest {result.Latencies.Longest / 1e6:0.0} ms, never started {result.NeverStarted}");
}
