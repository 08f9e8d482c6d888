using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Scenarios;

/// <summary>How long a lone caller waits for a claim: nobody else to share a commit with.</summary>
internal sealed class LoneScenario : IScenario
{
    private const int Claims = 2_000;
    private const int WarmUpClaims = 1_000;
    private long _next;

    public string Name => "lone";

    public bool NeedsStore => true;

    public async Task RunAsync(Bench bench, Store store, CancellationToken cancellationToken)
    {
        await using var grid = await bench.StartGridAsync(store, cancellationToken);
        await using var agency = await grid.ConnectAgencyAsync("caller", connections: 1);
        var loop = new ClosedLoop(1, (caller, token) => agency.ClaimAsync(caller, GeneratedValues.Sha256(Interlocked.Increment(ref _next)), token));
        await loop.RunAsync(TimeSpan.Zero, WarmUpClaims, cancellationToken);
        var rounds = new List<LatencyHistogram>();
        CpuCost? cost = null;
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            var cpu = CpuClock.Start(grid.Subjects);
            var result = await loop.RunAsync(TimeSpan.Zero, Claims, cancellationToken);
            cost = cpu.Stop(result.Latencies.Count);
            rounds.Add(result.Latencies);
            bench.Progress.Say($"lone, {Bench.NameOf(store)}: p50 {result.Latencies.Percentile(0.5) / 1e6:0.00} ms");
        }

        bench.Report.Add(new Figure
        {
            Scenario = Name,
            Store = Bench.NameOf(store),
            Name = $"a lone caller's claim, {Claims:N0} one after another: p50",
            Unit = "ms",
            Rounds = [.. rounds.Select(round => round.Percentile(0.5) / 1e6)],
            Aim = new Aim(2, AtLeast: false),
            Latency = Latency.Of(rounds),
            Cpu = cost,
            Command = Bench.Command(Name, store),
        });
    }
}
