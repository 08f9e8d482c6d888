using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deconfliction.LoadTests.Scenarios;

/// <summary>
/// An address with 100,000 live claims of which a new one meets ten, against one with ten that all meet: what a claim takes when the
/// actor is held, and how long the first answer of an actor that is not. In one process and without a gateway, whose constant share would
/// flatter the ratio.
/// </summary>
internal sealed class HotScenario : IScenario
{
    private const int Claims = 1_000;
    private const int ClaimsQuick = 250;
    private const int Activations = 9;

    public string Name => "hot";

    public bool NeedsStore => true;

    public async Task RunAsync(Bench bench, Store store, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var ledger = await OpenAsync(bench, store, folder, cancellationToken);
        var ids = new UuidV7Source();
        await LongIdentifiers.FillAsync(ledger, LongIdentifiers.Met, ids, cancellationToken);
        await LongIdentifiers.FillAsync(ledger, HotTrial.Long, ids, cancellationToken);
        bench.Progress.Say($"hot, {Bench.NameOf(store)}: filled");

        await MeasureWarmAsync(bench, store, ledger, cancellationToken);
        await MeasureColdAsync(bench, store, ledger, cancellationToken);
    }

    private static async Task<ILedger> OpenAsync(Bench bench, Store store, TemporaryFolder folder, CancellationToken cancellationToken)
    {
        var options = new LedgerOptions { AuditKey = new byte[32] };
        return store == Store.Sqlite
            ? await LedgerFactory.OpenSqliteAsync(folder["ledger.db"], options, NullLoggerFactory.Instance, cancellationToken)
            : await LedgerFactory.OpenPostgresAsync(
                await bench.CreateDatabaseAsync(cancellationToken), options, NullLoggerFactory.Instance, cancellationToken);
    }

    private async Task MeasureWarmAsync(Bench bench, Store store, ILedger ledger, CancellationToken cancellationToken)
    {
        await using var grid = await StartAsync(ledger, cancellationToken);
        var trial = new HotTrial(grid.Grid, grid.Ids);
        var claims = bench.Options.IsQuick ? ClaimsQuick : Claims;
        await MeasureClaimsAsync(trial, claims, cancellationToken); // warms up
        var rounds = new List<(LatencyHistogram Few, LatencyHistogram Many)>();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            rounds.Add(await MeasureClaimsAsync(trial, claims, cancellationToken));
            bench.Progress.Say(
                $"hot, {Bench.NameOf(store)}: p50 {Milliseconds(rounds[^1].Few):0.000} ms with ten, {Milliseconds(rounds[^1].Many):0.000} ms with {HotTrial.Long:N0}");
        }

        Add("a claim that meets the ten that there are: p50", "ms", [.. rounds.Select(round => Milliseconds(round.Few))], aim: null, Latency.Of([.. rounds.Select(round => round.Few)]));
        Add($"a claim that meets ten of {HotTrial.Long:N0}: p50", "ms", [.. rounds.Select(round => Milliseconds(round.Many))], aim: null, Latency.Of([.. rounds.Select(round => round.Many)]));
        Add("the second over the first", "times", [.. rounds.Select(round => Milliseconds(round.Many) / Milliseconds(round.Few))], new Aim(1.5, AtLeast: false));

        void Add(string name, string unit, IReadOnlyList<double> values, Aim? aim, Latency? latency = null) =>
            bench.Report.Add(Figure(store, name, unit, values, aim) with { Latency = latency });
    }

    private async Task MeasureColdAsync(Bench bench, Store store, ILedger ledger, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var round = 0; round < Activations; round++)
        {
            await using var grid = await StartAsync(ledger, cancellationToken);
            times.Add((await new HotTrial(grid.Grid, grid.Ids).CheckAsync(HotTrial.Long, cancellationToken)).TotalMilliseconds);
        }

        bench.Progress.Say($"hot, {Bench.NameOf(store)}: activated in {string.Join(", ", times.Select(time => $"{time:0.0}"))} ms");
        bench.Report.Add(Figure(
            store, $"first check of an identifier with {HotTrial.Long:N0} claims whose actor is not held", "ms", times, new Aim(50, AtLeast: false)));
    }

    private static Task<SoloGrid> StartAsync(ILedger ledger, CancellationToken cancellationToken) =>
        SoloGrid.StartAsync(ledger, new GridOptions(), TimeProvider.System, NullLoggerFactory.Instance, cancellationToken);

    // One of each in turn, so that what else the machine does falls on both.
    private static async Task<(LatencyHistogram Few, LatencyHistogram Many)> MeasureClaimsAsync(HotTrial trial, int count, CancellationToken cancellationToken)
    {
        var (few, many) = (new LatencyHistogram(), new LatencyHistogram());
        for (var i = 0; i < count; i++)
        {
            few.Record((long)(await trial.ClaimAsync(LongIdentifiers.Met, cancellationToken)).TotalNanoseconds);
            many.Record((long)(await trial.ClaimAsync(HotTrial.Long, cancellationToken)).TotalNanoseconds);
        }

        return (few, many);
    }

    private Figure Figure(Store store, string name, string unit, IReadOnlyList<double> values, Aim? aim) => new()
    {
        Scenario = Name,
        Store = Bench.NameOf(store),
        Name = name,
        Unit = unit,
        Rounds = values,
        Aim = aim,
        Command = Bench.Command(Name, store),
    };

    private static double Milliseconds(LatencyHistogram times) => times.Percentile(0.5) / 1e6;
}
