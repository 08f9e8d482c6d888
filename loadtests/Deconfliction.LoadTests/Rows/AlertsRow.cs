using System.Globalization;
using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Rows.Sides;
using Deconfliction.LoadTests.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Processes;

namespace Deconfliction.LoadTests.Rows;

/// <summary>
/// A hundred agencies follow their feeds while another one claims at half of peak load; one of its claims in ten meets one of theirs. How
/// long after that claim was acknowledged the other side has its alert.
/// </summary>
internal sealed class AlertsRow : IRow
{
    private const int Agencies = 100;
    private const int MeetEvery = 10;
    private const int ImportsAtOnce = 4;
    private const int MetInTrials = 40_000;
    private static readonly TimeSpan s_alertLimit = TimeSpan.FromSeconds(30);

    public string Name => "alerts";

    public async Task RunAsync(RowBench bench, CancellationToken cancellationToken)
    {
        await using var grid = await bench.StartGridAsync(cancellationToken);
        await using var caller = await grid.ConnectAgencyAsync("caller", GridSide.Connections);
        var delays = new List<AlertDelays> { new(TimeProvider.System) };
        await using var agencies = await ConnectAsync(bench, grid, one => delays[^1].Alerted(one.Identifier), cancellationToken);
        await ClaimAsync(bench, agencies, 0, MetInTrials, cancellationToken);

        // The peak is of this very load, with its overlaps, its alerts and its listeners.
        var side = new GridSide(grid, new MeetingClaims(caller, MeetEvery, MetInTrials), "claims/s");
        var (peak, callers) = await new Contest(bench, [side]).FindPeakAsync(side, cancellationToken);
        var rate = peak / 2;
        var perRound = (int)(rate * (bench.OpenWarmUp + bench.Options.Length).TotalSeconds / MeetEvery) + 1;
        await ClaimAsync(bench, agencies, MetInTrials, perRound * bench.Options.Rounds, cancellationToken);

        var rounds = new List<OpenLoopResult>();
        var costs = new List<CpuCost>();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            delays.Add(new AlertDelays(TimeProvider.System));
            var clock = CpuClock.Start(grid.Subjects);
            rounds.Add(await RunRoundAsync(bench, caller, rate, delays[^1], MetInTrials + (round * perRound), cancellationToken));
            costs.Add(clock.Stop((long)(rate * (bench.OpenWarmUp + bench.Options.Length).TotalSeconds)));
            await agencies.ThrowIfAnyEndedAsync();
        }

        delays.RemoveAt(0);
        List<LatencyHistogram> times = [.. delays.Select(static one => one.Delays)];
        bench.Add("alert at a connected agency after the other side's claim was acknowledged, p99 at half load", "ms", times.Select(static one => one.Percentile(0.99) / 1e6), new Target(50, 20));
        bench.Result.Sides.Add(new SideResult
        {
            Name = $"the grid: alerts to {Agencies} connected agencies", Callers = $"open loop, {rate:N0} claims/s", Tried = $"the peak: {peak:N0}/s with {callers} callers",
            Unit = "alerts/s", Rounds = [.. times.Zip(rounds, (one, loop) => one.Count / (loop.Length + bench.OpenWarmUp).TotalSeconds)], Latency = Latency.Of(times), Tuning = side.Tuning,
        });
        bench.Result.Sides.Add(new SideResult
        {
            Name = $"the grid: the claims, of which one in {MeetEvery} meets another agency's", Callers = $"open loop, {rate:N0}/s", Unit = "claims/s",
            Rounds = [.. rounds.Select(static one => one.Offered)], Latency = Latency.Of([.. rounds.Select(static one => one.Latencies)]), Cpu = CpuCost.Sum(costs),
        });
    }

    private static async Task<OpenLoopResult> RunRoundAsync(
        RowBench bench, AgencyUnderLoad caller, double rate, AlertDelays delays, int firstMet, CancellationToken cancellationToken)
    {
        var expected = 0L;
        var fresh = new FreshClaims(caller);
        var loop = new OpenLoop(rate, PacedRow.MostOpen, async (number, token) =>
        {
            if (number % MeetEvery != 0)
            {
                await fresh.CallAsync((int)(number % PacedRow.MostOpen), token);
                return CallResult.Done;
            }

            Interlocked.Increment(ref expected);
            var identifier = GeneratedValues.Sha256(firstMet + (number / MeetEvery));
            await caller.ClaimAsync((int)(number % PacedRow.MostOpen), identifier, token);
            delays.Acknowledged(identifier);
            return CallResult.Done;
        });
        var result = await bench.Progress.FollowAsync(bench.Result.Row, loop.RunAsync(bench.OpenWarmUp, bench.Options.Length, cancellationToken), () => loop.Answered);
        await Waiting.UntilAsync("every alert has come", s_alertLimit, () => delays.Pairs == Interlocked.Read(ref expected));
        bench.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{delays.Pairs:N0} alerts, p50 {delays.Delays.Percentile(0.5) / 1e6:0.0} ms, p99 {delays.Delays.Percentile(0.99) / 1e6:0.0} ms; claims {PacedRow.Told(result)}"));
        return result;
    }

    private static async Task<ConnectedAgencies> ConnectAsync(RowBench bench, GridOnTrial grid, Action<Alert> overlap, CancellationToken cancellationToken)
    {
        bench.Say($"adding and connecting {Agencies} agencies");
        var identities = await grid.AddAgenciesAsync(
            Enumerable.Range(0, Agencies).Select(static number => string.Create(CultureInfo.InvariantCulture, $"agency-{number:000}")), cancellationToken);
        return await ConnectedAgencies.ConnectAsync([.. identities.Select(one => grid.Connect(one, connections: 0))], static _ => { }, alert =>
        {
            if (alert.AlertKind == AlertKind.OverlapFound)
            {
                overlap(alert);
            }
        });
    }

    // Each agency claims its part of the identifiers that are to be met: number n is of agency n mod 100.
    private static async Task ClaimAsync(RowBench bench, ConnectedAgencies agencies, int first, int count, CancellationToken cancellationToken)
    {
        bench.Say($"they claim {count:N0} identifiers");
        await Parallel.ForEachAsync(
            agencies.Agencies.Index(), new ParallelOptions { MaxDegreeOfParallelism = ImportsAtOnce, CancellationToken = cancellationToken },
            async (one, token) => await one.Item.ImportAsync(
                Enumerable.Range(first, count).Where(number => number % Agencies == one.Index).Select(static number => GeneratedValues.Sha256(number)), static () => { }, token));
    }
}
