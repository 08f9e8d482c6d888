using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Rows.Sides;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Rows;

/// <summary>What the server allocates for a unary check, by its runtime's own counter.</summary>
internal sealed partial class AllocationsRow : IRow
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
            var (ofChecks, ofClaims, ofEmpty) = (new List<double>(), new List<double>(), new List<double>());
            for (var round = 0; round < bench.Options.Rounds; round++)
            {
                ofChecks.Add(await MeasureAsync(bench, grid, checks, cancellationToken));
                ofClaims.Add(await MeasureAsync(bench, grid, claims, cancellationToken));
                ofEmpty.Add(await MeasureAsync(bench, grid, empty, cancellationToken));
            }

            bench.Add("allocations in the server for a unary check", "kB", ofChecks, new Target(3, 1));
            bench.Add("allocations in the server for a unary claim", "kB", ofClaims);
            bench.Add("allocations in the server for an empty unary call (health), by the same way as far as the grid", "kB", ofEmpty);
            bench.Result.Notes.Add($"Allocations: the difference of the server's own counter (dotnet.gc.heap.total_allocated) over a round of {Callers} callers, so with all that the server does beside; kB of 1,000 bytes.");
        }
        finally
        {
            File.Delete(token);
        }
    }

    /// <summary>The counter in a page of metrics.</summary>
    /// <exception cref="FormatException">It is not on it.</exception>
    internal static double ReadAllocated(string metrics) => Allocated().Match(metrics) is { Success: true } found
        ? double.Parse(found.Groups["bytes"].ValueSpan, CultureInfo.InvariantCulture)
        : throw new FormatException("The server's metrics have no dotnet_gc_heap_total_allocated_bytes_total.");

    private static async Task<double> MeasureAsync(RowBench bench, GridOnTrial grid, ILoad load, CancellationToken cancellationToken)
    {
        var before = await ReadAsync(grid, cancellationToken);
        var result = await new ClosedLoop(Callers, load.CallAsync).RunAsync(bench.Options.Length, callsEach: 1, cancellationToken);
        var kilobytes = (await ReadAsync(grid, cancellationToken) - before) / 1e3 / result.Latencies.Count;
        bench.Say(string.Create(CultureInfo.InvariantCulture, $"{load.Name}: {kilobytes:0.00} kB each at {result.Rate:N0}/s"));
        return kilobytes;
    }

    private static async Task<double> ReadAsync(GridOnTrial grid, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return ReadAllocated(await http.GetStringAsync(new Uri($"http://127.0.0.1:{grid.Server.OpsPort}/metrics"), cancellationToken));
    }

    [GeneratedRegex(@"^dotnet_gc_heap_total_allocated_bytes_total(?:\{[^}]*\})? (?<bytes>[\d.eE+]+)", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1_000)]
    private static partial Regex Allocated();
}
