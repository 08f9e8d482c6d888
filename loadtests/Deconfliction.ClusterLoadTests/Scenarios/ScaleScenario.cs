using System.Globalization;
using Deconfliction.ClusterLoadTests.Setup;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.ClusterLoadTests.Scenarios;

/// <summary>
/// What silos add: clusters of more and more silos, each silo held to the same small share of a processor, database and callers outside of
/// it. Every claim is on another identifier, sent to the silos in turn, so that of N silos N-1 in N claims have a hop.
/// </summary>
internal sealed class ScaleScenario : IClusterScenario
{
    private const int CallersEach = 256;
    private const int WarmUpCallers = 128;
    private const double SettleSeconds = 2;
    private long _next = 3_000_000_000;

    public string Name => "scale";

    public async Task RunAsync(ClusterBench bench, CancellationToken cancellationToken)
    {
        var clusters = new List<LimitedCluster>();
        try
        {
            foreach (var count in bench.Options.Silos)
            {
                bench.Progress.Say($"{Name}: starting {count} and warming up for {bench.Options.WarmUp:0} s without a limit");
                clusters.Add(await LimitedCluster.StartAsync(bench, count, cancellationToken));
                await LoopOf(clusters[^1], WarmUpCallers).RunAsync(TimeSpan.FromSeconds(bench.Options.WarmUp), callsEach: 1, cancellationToken);
            }

            clusters.ForEach(cluster => cluster.Limit(bench.Options.Share));
            foreach (var cluster in clusters)
            {
                await LoopOf(cluster, CallersEach * cluster.Count).RunAsync(TimeSpan.FromSeconds(SettleSeconds), callsEach: 1, cancellationToken);
            }

            await MeasureAsync(bench, clusters, cancellationToken);
        }
        finally
        {
            foreach (var cluster in clusters)
            {
                await cluster.DisposeAsync();
            }
        }
    }

    private async Task MeasureAsync(ClusterBench bench, List<LimitedCluster> clusters, CancellationToken cancellationToken)
    {
        var rounds = clusters.ToDictionary(cluster => cluster.Count, _ => new List<(LoopResult Result, CpuCost Cost)>());
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (var cluster in round % 2 == 0 ? clusters : Enumerable.Reverse(clusters))
            {
                var clock = CpuClock.Start(cluster.Subjects);
                var result = await LoopOf(cluster, CallersEach * cluster.Count).RunAsync(TimeSpan.FromSeconds(bench.Options.Seconds), callsEach: 1, cancellationToken);
                var cost = clock.Stop(result.Latencies.Count);
                rounds[cluster.Count].Add((result, cost));
                bench.Progress.Say(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Name}: {cluster.Count} silos: {result.Rate:N0}/s, p50 {result.Latencies.Percentile(0.5) / 1e6:0} ms, of their share {UsedOf(cost, cluster.Count, bench.Options.Share):P0}, CPU each {cost.Server * 1e6 / cost.Items:0.0} / {cost.Client * 1e6 / cost.Items:0.0} / {cost.Database * 1e6 / cost.Items:0.0} us, others {cost.Others / cost.Elapsed:P0}"));
            }
        }

        Report(bench, rounds);
    }

    private void Report(ClusterBench bench, Dictionary<int, List<(LoopResult Result, CpuCost Cost)>> rounds)
    {
        var command = $"{ClusterBench.Command(Name)} --share {bench.Options.Share}";
        bench.Report.Note(
            $"Scale-out: each silo is held to {bench.Options.Share} % of a processor by a control group's quota, set after the warm-up; PostgreSQL and the callers "
            + $"({CallersEach} a silo, unary gRPC over mutual TLS, each claim on a fresh identifier) are not. The clusters run side by side, each on a database of its own, and are measured in turn.");
        foreach (var (count, results) in rounds)
        {
            bench.Report.Add(new Figure
            {
                Scenario = Name, Name = $"claims through {count} {(count == 1 ? "silo" : "silos")} of {bench.Options.Share} % of a processor each", Unit = "claims/s", Command = command,
                Rounds = [.. results.Select(static one => one.Result.Rate)],
                Latency = Latency.Of([.. results.Select(static one => one.Result.Latencies)]),
                Cpu = results[^1].Cost,
            });
            bench.Report.Add(new Figure
            {
                Scenario = Name, Name = $"{count} {(count == 1 ? "silo" : "silos")}: used of their share", Unit = "%", Command = command,
                Rounds = [.. results.Select(one => 100 * UsedOf(one.Cost, count, bench.Options.Share))],
            });
        }

        AddRatio(1, 2, 1.4);
        AddRatio(2, 4, 1.7);

        void AddRatio(int from, int to, double aim)
        {
            if (rounds.TryGetValue(from, out var fewer) && rounds.TryGetValue(to, out var more))
            {
                bench.Report.Add(new Figure
                {
                    Scenario = Name, Name = $"{to} silos against {from}", Unit = "x", Aim = new Aim(aim, AtLeast: true), Command = command,
                    Rounds = [.. more.Zip(fewer, static (after, before) => after.Result.Rate / before.Result.Rate)],
                });
            }
        }
    }

    private ClosedLoop LoopOf(LimitedCluster cluster, int callers) =>
        new(callers, (caller, token) => cluster.ClaimAsync(caller, GeneratedValues.Sha256(Interlocked.Increment(ref _next)), token));

    private static double UsedOf(CpuCost cost, int silos, int share) => cost.Server / (cost.Elapsed / Environment.ProcessorCount) / (silos * share / 100.0);
}
