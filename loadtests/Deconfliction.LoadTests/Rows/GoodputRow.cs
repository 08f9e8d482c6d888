using System.Globalization;
using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Rows.Sides;
using Deconfliction.Rpc;

namespace Deconfliction.LoadTests.Rows;

/// <summary>
/// Ten times the agency's budget of checks, which is an admission limit that anybody can read, is offered at a fixed rate: what is done of
/// it, against the budget. The rest is refused with RESOURCE_EXHAUSTED.
/// </summary>
internal sealed class GoodputRow : IRow
{
    private const int PerMinute = 30_000; // So that ten times as many can be offered on a slow machine too.
    private const double PerSecond = PerMinute / 60.0;
    private const int Times = 10;
    private static readonly TimeSpan s_drainLimit = TimeSpan.FromSeconds(60);

    public string Name => "goodput";

    public async Task RunAsync(RowBench bench, CancellationToken cancellationToken)
    {
        await using var grid = await bench.StartGridAsync(
            cancellationToken, "--checks-per-minute", PerMinute.ToString(CultureInfo.InvariantCulture), "--claims-per-minute", "1000000000");
        await using var agency = await grid.ConnectAgencyAsync("caller", GridSide.Connections);
        var load = new Checks(agency, ChecksRow.UsualHits, await ChecksRow.FillAsync(bench, grid, cancellationToken));
        await DrainAsync(bench, load, cancellationToken);

        var rounds = new List<OpenLoopResult>();
        var costs = new List<CpuCost>();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            var clock = CpuClock.Start(grid.Subjects);
            var loop = new OpenLoop(PerSecond * Times, PacedRow.MostOpen, (number, token) => CallAsync(load, number, token));
            // What came into the budget since the last round is used up in the warm-up.
            var result = await bench.Progress.FollowAsync(Name, loop.RunAsync(bench.OpenWarmUp, bench.Options.Length, cancellationToken), () => loop.Answered);
            costs.Add(clock.Stop(loop.Answered));
            rounds.Add(result);
            bench.Say(string.Create(CultureInfo.InvariantCulture, $"{PacedRow.Told(result)}; done {result.Goodput:N0}/s, refused {result.Refused / result.Length.TotalSeconds:N0}/s"));
        }

        bench.Add(
            $"goodput when ten times the limit of {PerMinute:N0} checks a minute is offered, against the limit", "x",
            rounds.Select(static round => round.Goodput / PerSecond), new Target(0.9, 0.98));
        bench.Add("the rate really offered", "checks/s", rounds.Select(static round => round.Offered));
        bench.Result.Sides.Add(new SideResult
        {
            Name = $"the grid: {load.Name}; those done",
            Callers = $"open loop, {PerSecond * Times:N0}/s",
            Unit = "done/s",
            Rounds = [.. rounds.Select(static round => round.Goodput)],
            Latency = Latency.Of([.. rounds.Select(static round => round.Latencies)]),
            Cpu = CpuCost.Sum(costs),
            Tuning = string.Create(CultureInfo.InvariantCulture, $"the grid: a budget of {PerMinute:N0} checks a minute an agency"),
        });
    }

    // A budget that nobody has used holds a minute's worth.
    private static async Task DrainAsync(RowBench bench, ILoad load, CancellationToken cancellationToken)
    {
        bench.Say("using up the budget of the first minute");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_drainLimit);
        var refused = 0;
        await Task.WhenAll(Enumerable.Range(0, GridSide.CallersToTry[1]).Select(caller => Task.Run(
            async () =>
            {
                while (Volatile.Read(ref refused) == 0)
                {
                    if (await CallAsync(load, caller, limit.Token) == CallResult.Refused)
                    {
                        Interlocked.Increment(ref refused);
                    }
                }
            },
            limit.Token)));
    }

    private static async Task<CallResult> CallAsync(ILoad load, long number, CancellationToken cancellationToken)
    {
        try
        {
            await load.CallAsync((int)(number % PacedRow.MostOpen), cancellationToken);
            return CallResult.Done;
        }
        catch (RpcException refused) when (refused.StatusCode == StatusCode.ResourceExhausted)
        {
            return CallResult.Refused;
        }
    }
}
