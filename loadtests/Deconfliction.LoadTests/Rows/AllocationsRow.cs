using System.Globalization;
using System.Net.Http.Headers;
using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Rows.Sides;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Rows;

/// <summary>What the server allocates for a unary check and a claim, and how many share a commit, by its own counters.</summary>
internal sealed class AllocationsRow : IRow
{
    private const int Callers = 64;
    private const string Token = "a secret of this load test's server only";

    public string Name => "allocations";

    public async Task RunAsync(RowBench bench, CancellationToken cancellationToken)
    {
        var token = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(token, Token, cancellationToken);
            await using var grid = await bench.StartGridAsync(cancellationToken, [.. GridOnTrial.Unlimited, "--ops-token", token]);
            await using var agency = await grid.ConnectAgencyAsync("caller", GridSide.Connections);
            var checks = new Checks(agency, ChecksRow.UsualHits, await ChecksRow.FillAsync(bench, grid, cancellationToken));
            var claims = new FreshClaims(agency);
            await new ClosedLoop(Callers, claims.CallAsync).RunAsync(bench.Options.WarmUp / 2, callsEach: 1, cancellationToken);
            await new ClosedLoop(Callers, checks.CallAsync).RunAsync(bench.Options.WarmUp, callsEach: 1, cancellationToken);
            var empty = new EmptyCalls(agency);
            var (ofChecks, ofClaims, ofEmpty) = (new List<Costs>(), new List<Costs>(), new List<Costs>());
            for (var round = 0; round < bench.Options.Rounds; round++)
            {
                ofChecks.Add(await MeasureAsync(bench, grid, checks, cancellationToken));
                ofClaims.Add(await MeasureAsync(bench, grid, claims, cancellationToken));
                ofEmpty.Add(await MeasureAsync(bench, grid, empty, cancellationToken));
            }

            Add(bench, "check", ofChecks, new Target(3, 1));
            Add(bench, "claim", ofClaims, target: null);
            bench.Add("allocations in the server for an empty unary call (health), by the same way as far as the grid", "kB", ofEmpty.Select(static round => round.Kilobytes));
            bench.Result.Notes.Add($"Allocations: the difference of the server's own counter (dotnet.gc.heap.total_allocated) over a round of {Callers} callers, so with all that the server does beside; kB of 1,000 bytes. Commits: of the ledger's groups (deconfliction.ledger.group.size).");
        }
        finally
        {
            File.Delete(token);
        }
    }

    private static void Add(RowBench bench, string call, List<Costs> rounds, Target? target)
    {
        bench.Add($"allocations in the server for a unary {call}", "kB", rounds.Select(static round => round.Kilobytes), target);
        bench.Add($"{call}s that share a commit, {Callers} callers", $"{call}s", rounds.Select(static round => round.CallsACommit));
        bench.Add("commits meanwhile", "commits/s", rounds.Select(static round => round.CommitsPerSecond));
    }

    private static async Task<Costs> MeasureAsync(RowBench bench, GridOnTrial grid, ILoad load, CancellationToken cancellationToken)
    {
        var before = await ReadAsync(grid, cancellationToken);
        var result = await new ClosedLoop(Callers, load.CallAsync).RunAsync(bench.Options.Length, callsEach: 1, cancellationToken);
        var counted = await ReadAsync(grid, cancellationToken) - before;
        var costs = new Costs(
            counted.Allocated / 1e3 / result.Latencies.Count, counted.Appends / Math.Max(1, counted.Groups), counted.Groups * result.Rate / result.Latencies.Count);
        bench.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{load.Name}: {costs.Kilobytes:0.00} kB each at {result.Rate:N0}/s, {costs.CallsACommit:0.0} a commit, {costs.CommitsPerSecond:N0} commits/s"));
        return costs;
    }

    private static async Task<ServerCounters> ReadAsync(GridOnTrial grid, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return ServerCounters.Read(await http.GetStringAsync(new Uri($"http://127.0.0.1:{grid.Server.OpsPort}/metrics"), cancellationToken));
    }

    private readonly record struct Costs(double Kilobytes, double CallsACommit, double CommitsPerSecond);
}
