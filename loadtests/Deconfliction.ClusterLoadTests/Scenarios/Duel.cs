using System.Globalization;
using Deconfliction.ClusterLoadTests.Setup;
using Deconfliction.ClusterLoadTests.Sides;
using Deconfliction.LoadTests.Measuring;

namespace Deconfliction.ClusterLoadTests.Scenarios;

/// <summary>
/// Ours against the plain way: each side first finds its best number of callers, then both are measured in turn, and the ratio is taken
/// of each pair of rounds.
/// </summary>
/// <param name="bench">Where it runs.</param>
/// <param name="scenario">Its name.</param>
/// <param name="what">What is claimed, for the table.</param>
/// <param name="measure">One round of a side with so many callers, so long.</param>
internal sealed class Duel(
    ClusterBench bench, string scenario, string what, Func<SideProcess, int, double, CancellationToken, Task<(Outcome Outcome, CpuCost Cost)>> measure)
{
    private const double TrialSeconds = 3;

    /// <summary>Runs it, and puts its figures into the report.</summary>
    /// <param name="sides">Both sides, warm.</param>
    /// <param name="callers">Numbers of callers to try.</param>
    /// <param name="aim">What the ratio should reach, where something was asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task RunAsync(TwoSides sides, IReadOnlyList<int> callers, Aim? aim, CancellationToken cancellationToken)
    {
        SideProcess[] both = [sides.Ours, sides.Plain];
        var best = new Dictionary<SideProcess, int>();
        foreach (var side in both)
        {
            best[side] = await FindBestAsync(side, callers, cancellationToken);
        }

        var rounds = both.ToDictionary(side => side, _ => new List<(Outcome Outcome, CpuCost Cost)>());
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            // Whoever goes first in one round goes last in the next.
            foreach (var side in round % 2 == 0 ? both : both.Reverse())
            {
                var one = await measure(side, best[side], bench.Options.Seconds, cancellationToken);
                rounds[side].Add(one);
                Say(side, best[side], one.Outcome, one.Cost);
            }
        }

        foreach (var side in both)
        {
            Report(side, best[side], rounds[side]);
        }

        bench.Report.Add(new Figure
        {
            Scenario = scenario, Name = $"{what}: ours against the plain way", Unit = "x", Aim = aim, Command = ClusterBench.Command(scenario),
            Rounds = [.. rounds[sides.Ours].Zip(rounds[sides.Plain], static (ours, plain) => ours.Outcome.Rate / plain.Outcome.Rate)],
        });
    }

    private async Task<int> FindBestAsync(SideProcess side, IReadOnlyList<int> callers, CancellationToken cancellationToken)
    {
        var trials = new List<(int Callers, double Rate)>();
        foreach (var number in callers)
        {
            var (outcome, cost) = await measure(side, number, Math.Min(TrialSeconds, bench.Options.Seconds), cancellationToken);
            trials.Add((number, outcome.Rate));
            Say(side, number, outcome, cost);
        }

        var tried = string.Join(", ", trials.Select(trial => string.Create(CultureInfo.InvariantCulture, $"{trial.Callers}: {trial.Rate:N0}/s")));
        bench.Report.Note($"{what}, {side.Name}: callers tried {tried}; the best is measured.");
        return trials.MaxBy(static trial => trial.Rate).Callers;
    }

    private void Report(SideProcess side, int callers, List<(Outcome Outcome, CpuCost Cost)> rounds)
    {
        var command = ClusterBench.Command(scenario);
        bench.Report.Add(new Figure
        {
            Scenario = scenario, Name = $"{what}: {side.Name}, {callers} callers", Unit = "claims/s", Command = command,
            Rounds = [.. rounds.Select(static round => round.Outcome.Rate)],
            Latency = MedianOf(rounds),
            Cpu = rounds[^1].Cost,
        });
        if (rounds.TrueForAll(static round => round.Outcome.Groups > 0))
        {
            bench.Report.Add(new Figure
            {
                Scenario = scenario, Name = $"{what}: {side.Name}, claims in a group", Unit = "claims", Command = command,
                Rounds = [.. rounds.Select(static round => round.Outcome.GroupSize)],
            });
        }

        if (rounds.TrueForAll(static round => round.Outcome.AllocatedBytes > 0))
        {
            bench.Report.Add(new Figure
            {
                Scenario = scenario, Name = $"{what}: {side.Name}, allocated a claim", Unit = "kB", Command = command,
                Rounds = [.. rounds.Select(static round => round.Outcome.AllocatedBytes / 1e3 / round.Outcome.Claims)],
            });
        }
    }

    private void Say(SideProcess side, int callers, Outcome outcome, CpuCost cost) => bench.Progress.Say(string.Create(
        CultureInfo.InvariantCulture,
        $"{what}, {side.Name}, {callers} callers: {outcome.Rate:N0}/s, p50 {outcome.P50:0.00} ms, p99 {outcome.P99:0.0} ms, group {outcome.GroupSize:0.0}, CPU each {cost.Server * 1e6 / outcome.Claims:0.0} + {cost.Database * 1e6 / outcome.Claims:0.0} us, {outcome.AllocatedBytes / 1e3 / outcome.Claims:0.0} kB"));

    private static Latency MedianOf(List<(Outcome Outcome, CpuCost Cost)> rounds)
    {
        return new Latency(
            Of(static outcome => outcome.P50), Of(static outcome => outcome.P95), Of(static outcome => outcome.P99), Of(static outcome => outcome.Longest));

        double Of(Func<Outcome, double> value) => Spread.Of(rounds.Select(round => value(round.Outcome))).Median;
    }
}
