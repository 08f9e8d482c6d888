using System.Diagnostics;
using System.Globalization;
using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Rows.Sides;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Rows;

/// <summary>A reconnect storm: hundreds of feeds come back at the same moment, each over a new connection, while others go on claiming.</summary>
internal sealed class StormRow : IRow
{
    private const int Agencies = 100;
    private const int FeedsEach = 4;
    private const int ClaimsPerSecond = 500;

    public string Name => "storm";

    public async Task RunAsync(RowBench bench, CancellationToken cancellationToken)
    {
        await using var grid = await bench.StartGridAsync(cancellationToken);
        await using var caller = await grid.ConnectAgencyAsync("caller", GridSide.Connections);
        var load = new FreshClaims(caller);
        bench.Say($"adding {Agencies} agencies, and warming up");
        var identities = await grid.AddAgenciesAsync(
            Enumerable.Range(0, Agencies).Select(static number => string.Create(CultureInfo.InvariantCulture, $"agency-{number:000}")), cancellationToken);
        await new ClosedLoop(64, load.CallAsync).RunAsync(bench.Options.WarmUp, callsEach: 1, cancellationToken);
        string[] all = [.. Enumerable.Repeat(identities, FeedsEach).SelectMany(static one => one)];
        await (await StormAsync(Prepare(), new SharedHistogram())).DisposeAsync();

        var (storms, claims) = (new List<LatencyHistogram>(), new List<OpenLoopResult>());
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            var agencies = Prepare();
            var loop = new OpenLoop(ClaimsPerSecond, PacedRow.MostOpen, PacedRow.CallsOf(load)).RunAsync(bench.OpenWarmUp, bench.Options.Length, cancellationToken);
            await Task.Delay(bench.OpenWarmUp, cancellationToken);
            var times = new SharedHistogram();
            await using (await StormAsync(agencies, times))
            {
                claims.Add(await loop);
            }

            storms.Add(times.Sum());
            bench.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{all.Length} feeds back: p50 {storms[^1].Percentile(0.5) / 1e6:0} ms, the last after {storms[^1].Longest / 1e6:0} ms; claims meanwhile {PacedRow.Told(claims[^1])}"));
        }

        bench.Add($"reconnect storm: {all.Length} feeds over new connections at once, until the last is told where it is", "ms", storms.Select(static one => one.Longest / 1e6));
        bench.Add($"claim p99 meanwhile, {ClaimsPerSecond}/s", "ms", claims.Select(static one => one.Latencies.Percentile(0.99) / 1e6));
        bench.Result.Sides.Add(new SideResult
        {
            Name = $"the grid: {all.Length} feeds come back at once", Callers = all.Length.ToString(CultureInfo.InvariantCulture), Unit = "feeds/s",
            Rounds = [.. storms.Select(static one => one.Count / (one.Longest / 1e9))], Latency = Latency.Of(storms),
        });

        // Reading an identity file takes longer than connecting with it, and is no part of a storm.
        IReadOnlyList<AgencyUnderLoad> Prepare() => [.. all.Select(identity => grid.Connect(identity, connections: 0))];
    }

    private static Task<ConnectedAgencies> StormAsync(IReadOnlyList<AgencyUnderLoad> agencies, SharedHistogram times)
    {
        var first = new int[agencies.Count];
        var started = Stopwatch.GetTimestamp();
        return ConnectedAgencies.ConnectAsync(
            agencies,
            index =>
            {
                // Later signs of life are none of a connection.
                if (Interlocked.Exchange(ref first[index], 1) == 0)
                {
                    times.Record(Stopwatch.GetElapsedTime(started));
                }
            },
            static _ => { });
    }
}
