using System.Globalization;
using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Rows.Sides;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Rows;

/// <summary>What an interactive claim takes while another agency imports at full speed, against what it takes without.</summary>
internal sealed class BulkRow : IRow
{
    private const int PerSecond = 1_000;
    private static readonly TimeSpan s_margin = TimeSpan.FromSeconds(0.5);

    public string Name => "bulk";

    public async Task RunAsync(RowBench bench, CancellationToken cancellationToken)
    {
        await using var grid = await bench.StartGridAsync(cancellationToken);
        await using var streams = await ImportStreams.ConnectAsync(grid, cancellationToken);
        await using var agency = await grid.ConnectAgencyAsync("caller", GridSide.Connections);
        var load = new FreshClaims(agency);
        var import = new ImportSide(grid, streams.Agencies);
        var best = await new Contest(bench, [import]).FindBestAsync(import, cancellationToken);
        await new ClosedLoop(64, load.CallAsync).RunAsync(bench.Options.WarmUp, callsEach: 1, cancellationToken);

        var (alone, beside, imported) = (new List<OpenLoopResult>(), new List<OpenLoopResult>(), new List<double>());
        var importedAlone = new List<double>();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (var withImport in (bool[])(round % 2 == 0 ? [false, true] : [true, false]))
            {
                if (withImport)
                {
                    // It begins before the claims do and ends after them.
                    var bulk = import.RunAsync(best, s_margin + bench.OpenWarmUp + bench.Options.Length + s_margin, cancellationToken);
                    await Task.Delay(s_margin, cancellationToken);
                    beside.Add(await MeasureAsync(bench, load, "beside the import", cancellationToken));
                    imported.Add((await bulk).Rate);
                    bench.Say($"imported {imported[^1]:N0}/s meanwhile");
                }
                else
                {
                    alone.Add(await MeasureAsync(bench, load, "alone", cancellationToken));
                }
            }

            importedAlone.Add((await import.RunAsync(best, bench.Options.Length, cancellationToken)).Rate);
            bench.Say($"imported {importedAlone[^1]:N0}/s alone");
        }

        bench.Add(
            "interactive claim p99 while a bulk import runs at full speed, against without it", "x",
            beside.Zip(alone, static (one, other) => (double)one.Latencies.Percentile(0.99) / other.Latencies.Percentile(0.99)), new Target(3, 1.5));
        bench.Add("what the import still does meanwhile, against what it does alone", "x", imported.Zip(importedAlone, static (beside, alone) => beside / alone));
        Add("claims alone", alone);
        Add("claims beside the import", beside);
        AddImport("beside the claims", imported);
        AddImport("alone", importedAlone);

        void AddImport(string what, List<double> rounds) => bench.Result.Sides.Add(new SideResult
        {
            Name = $"{import.Name}, {what}", Callers = best.ToString(CultureInfo.InvariantCulture), Unit = import.Unit, Rounds = rounds, Tuning = import.Tuning,
        });

        void Add(string what, List<OpenLoopResult> rounds) => bench.Result.Sides.Add(new SideResult
        {
            Name = $"the grid: {what}", Callers = $"open loop, {PerSecond:N0}/s", Unit = "claims/s",
            Rounds = [.. rounds.Select(static round => round.Offered)], Latency = Latency.Of([.. rounds.Select(static round => round.Latencies)]),
        });
    }

    private static async Task<OpenLoopResult> MeasureAsync(RowBench bench, ILoad load, string what, CancellationToken cancellationToken)
    {
        var result = await new OpenLoop(PerSecond, PacedRow.MostOpen, PacedRow.CallsOf(load)).RunAsync(bench.OpenWarmUp, bench.Options.Length, cancellationToken);
        bench.Say($"{what}: {PacedRow.Told(result)}");
        return result;
    }
}
