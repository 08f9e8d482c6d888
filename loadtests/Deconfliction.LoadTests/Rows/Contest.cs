using System.Globalization;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Rows.Sides;

namespace Deconfliction.LoadTests.Rows;

/// <summary>
/// Sides against each other: each is warmed up and finds its best number of callers, then all are measured in turn, round by round; whoever
/// goes first in one round goes last in the next.
/// </summary>
internal sealed class Contest(RowBench bench, IReadOnlyList<ISide> sides)
{
    private const int PeakTrials = 3;

    private readonly Dictionary<ISide, List<(int Callers, double Rate)>> _tried = [];

    /// <summary>Runs it, puts the sides into the row's result, and answers with them in their order.</summary>
    public async Task<IReadOnlyList<SideResult>> RunAsync(CancellationToken cancellationToken)
    {
        var best = new Dictionary<ISide, int>();
        foreach (var side in sides)
        {
            best[side] = await FindBestAsync(side, cancellationToken);
        }

        var rounds = sides.ToDictionary(static side => side, static _ => new List<(SideRound Round, CpuCost Cost)>());
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (var side in round % 2 == 0 ? sides : sides.Reverse())
            {
                rounds[side].Add(await MeasureAsync(side, best[side], bench.Options.Length, cancellationToken));
            }
        }

        var results = sides.Select(side => ResultOf(side, best[side], rounds[side])).ToList();
        bench.Result.Sides.AddRange(results);
        return results;
    }

    /// <summary>Warms a side up and tries its numbers of callers; the best.</summary>
    public async Task<int> FindBestAsync(ISide side, CancellationToken cancellationToken)
    {
        bench.Say($"{side.Name}: warming up for {bench.Options.WarmUp.TotalSeconds:0} s");
        await side.RunAsync(side.Callers[side.Callers.Count / 2], bench.Options.WarmUp, cancellationToken);
        var tried = _tried[side] = [];
        foreach (var callers in bench.Options.IsQuick ? Middle(side.Callers) : side.Callers)
        {
            var (round, _) = await MeasureAsync(side, callers, bench.Options.Trial, cancellationToken);
            tried.Add((callers, round.Rate));
        }

        return tried.MaxBy(static one => one.Rate).Callers;
    }

    /// <summary>
    /// What a side can do at most, and with how many callers: the median of several trials of its best number, since the one that found it was
    /// the luckiest of all.
    /// </summary>
    public async Task<(double Rate, int Callers)> FindPeakAsync(ISide side, CancellationToken cancellationToken)
    {
        var callers = await FindBestAsync(side, cancellationToken);
        var rates = new List<double>();
        for (var trial = 0; trial < (bench.Options.IsQuick ? 1 : PeakTrials); trial++)
        {
            rates.Add((await MeasureAsync(side, callers, bench.Options.Trial, cancellationToken)).Round.Rate);
        }

        return (Spread.Of(rates).Median, callers);
    }

    // Where the best most often is.
    private static IEnumerable<int> Middle(IReadOnlyList<int> callers) => callers.Skip((callers.Count / 2) - 1).Take(2);

    private async Task<(SideRound Round, CpuCost Cost)> MeasureAsync(ISide side, int callers, TimeSpan length, CancellationToken cancellationToken)
    {
        var clock = CpuClock.Start(side.Subjects);
        var round = await bench.Progress.FollowAsync($"{side.Name}, {callers} callers", side.RunAsync(callers, length, cancellationToken), () => side.Done);
        var cost = clock.Stop(round.Items);
        var p99 = round.Latencies is { } times ? string.Create(CultureInfo.InvariantCulture, $", p99 {times.Percentile(0.99) / 1e6:0.0} ms") : "";
        bench.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{side.Name}, {callers} callers: {round.Rate:N0}/s{p99}, CPU each {cost.Server * 1e6 / cost.Items:0} / {cost.Client * 1e6 / cost.Items:0} / {cost.Database * 1e6 / cost.Items:0} us, others {cost.Others / cost.Elapsed:P0}"));
        return (round, cost);
    }

    private SideResult ResultOf(ISide side, int callers, List<(SideRound Round, CpuCost Cost)> rounds) => new()
    {
        Name = side.Name,
        Callers = callers.ToString(CultureInfo.InvariantCulture),
        Tried = string.Join(", ", _tried[side].Select(static one => string.Create(CultureInfo.InvariantCulture, $"{one.Callers}: {one.Rate:N0}/s"))),
        Unit = side.Unit,
        Rounds = [.. rounds.Select(static one => one.Round.Rate)],
        Latency = rounds.TrueForAll(static one => one.Round.Latencies is not null) ? Latency.Of([.. rounds.Select(static one => one.Round.Latencies!)]) : null,
        Cpu = CpuCost.Sum(rounds.Select(static one => one.Cost)),
        Tuning = side.Tuning,
    };
}
