using System.Diagnostics;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
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
    private const int Long = 100_000;
    private const int Claims = 1_000;
    private const int ClaimsQuick = 250;
    private const int Activations = 9;
    private static readonly AgencyId s_newcomer = AgencyId.Parse("newcomer");

    public string Name => "hot";

    public bool NeedsStore => true;

    public async Task RunAsync(Bench bench, Store store, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        await using var ledger = await OpenAsync(bench, store, folder, cancellationToken);
        var trial = new Trial(ledger);
        var ids = new UuidV7Source();
        await LongIdentifiers.FillAsync(ledger, LongIdentifiers.Met, ids, cancellationToken);
        await LongIdentifiers.FillAsync(ledger, Long, ids, cancellationToken);
        bench.Progress.Say($"hot, {Bench.NameOf(store)}: filled");

        await MeasureWarmAsync(bench, store, trial, cancellationToken);
        await MeasureColdAsync(bench, store, trial, cancellationToken);
    }

    private static async Task<ILedger> OpenAsync(Bench bench, Store store, TemporaryFolder folder, CancellationToken cancellationToken)
    {
        var options = new LedgerOptions { AuditKey = new byte[32] };
        return store == Store.Sqlite
            ? await LedgerFactory.OpenSqliteAsync(folder["ledger.db"], options, NullLoggerFactory.Instance, cancellationToken)
            : await LedgerFactory.OpenPostgresAsync(
                await bench.CreateDatabaseAsync(cancellationToken), options, NullLoggerFactory.Instance, cancellationToken);
    }

    private async Task MeasureWarmAsync(Bench bench, Store store, Trial trial, CancellationToken cancellationToken)
    {
        await using var grid = await trial.StartAsync(cancellationToken);
        var claims = bench.Options.IsQuick ? ClaimsQuick : Claims;
        await trial.MeasureClaimsAsync(grid, claims, cancellationToken); // warms up
        var rounds = new List<(LatencyHistogram Few, LatencyHistogram Many)>();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            rounds.Add(await trial.MeasureClaimsAsync(grid, claims, cancellationToken));
            bench.Progress.Say(
                $"hot, {Bench.NameOf(store)}: p50 {Milliseconds(rounds[^1].Few):0.000} ms with ten, {Milliseconds(rounds[^1].Many):0.000} ms with {Long:N0}");
        }

        Add("a claim that meets the ten that there are: p50", "ms", [.. rounds.Select(round => Milliseconds(round.Few))], aim: null, Latency.Of([.. rounds.Select(round => round.Few)]));
        Add($"a claim that meets ten of {Long:N0}: p50", "ms", [.. rounds.Select(round => Milliseconds(round.Many))], aim: null, Latency.Of([.. rounds.Select(round => round.Many)]));
        Add("the second over the first", "times", [.. rounds.Select(round => Milliseconds(round.Many) / Milliseconds(round.Few))], new Aim(1.5, AtLeast: false));

        void Add(string name, string unit, IReadOnlyList<double> values, Aim? aim, Latency? latency = null) =>
            bench.Report.Add(Figure(store, name, unit, values, aim) with { Latency = latency });
    }

    private async Task MeasureColdAsync(Bench bench, Store store, Trial trial, CancellationToken cancellationToken)
    {
        var times = new List<double>();
        for (var round = 0; round < Activations; round++)
        {
            await using var grid = await trial.StartAsync(cancellationToken);
            var started = Stopwatch.GetTimestamp();
            await trial.CheckAsync(grid, Long, cancellationToken);
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        bench.Progress.Say($"hot, {Bench.NameOf(store)}: activated in {string.Join(", ", times.Select(time => $"{time:0.0}"))} ms");
        bench.Report.Add(Figure(
            store, $"first check of an identifier with {Long:N0} claims whose actor is not held", "ms", times, new Aim(50, AtLeast: false)));
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

    /// <summary>A grid without a gateway, and what is asked of it.</summary>
    private sealed class Trial(ILedger ledger)
    {
        private int _next;

        public Task<SoloGrid> StartAsync(CancellationToken cancellationToken) =>
            SoloGrid.StartAsync(ledger, new GridOptions(), TimeProvider.System, NullLoggerFactory.Instance, cancellationToken);

        // One of each in turn, so that what else the machine does falls on both. Each is released again, so that the next finds as many.
        public async Task<(LatencyHistogram Few, LatencyHistogram Many)> MeasureClaimsAsync(SoloGrid grid, int count, CancellationToken cancellationToken)
        {
            var (few, many) = (new LatencyHistogram(), new LatencyHistogram());
            for (var i = 0; i < count; i++)
            {
                few.Record(await ClaimAsync(grid, LongIdentifiers.Met, window: 0, cancellationToken));
                many.Record(await ClaimAsync(grid, Long, (_next++ * 7919) % (Long / LongIdentifiers.Met), cancellationToken));
            }

            return (few, many);
        }

        public Task<Answer> CheckAsync(SoloGrid grid, int claims, CancellationToken cancellationToken) => grid.Grid.CheckAsync(
            LongIdentifiers.Key(claims),
            new Command.Check(s_newcomer, AgencyRole.LawEnforcement, "CASE-1", "load test", LongIdentifiers.Window(4_711), Port: null, Hazard: null),
            Request(),
            cancellationToken);

        private async Task<long> ClaimAsync(SoloGrid grid, int claims, int window, CancellationToken cancellationToken)
        {
            var draft = LongIdentifiers.Draft(s_newcomer, "CASE-1", LongIdentifiers.Window(window), port: null, ledger.Now, grid.Ids);
            var started = Stopwatch.GetTimestamp();
            var answer = await grid.Grid.MakeClaimAsync(
                LongIdentifiers.Key(claims), new Command.MakeClaim(draft, Lifetime: null, Hazard: null), Request(), cancellationToken);
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (answer.PointerCount != LongIdentifiers.Met)
            {
                throw new InvalidOperationException($"The claim met {answer.PointerCount} and should have met {LongIdentifiers.Met}.");
            }

            await grid.Grid.ReleaseClaimAsync(answer.Claim!.Id, Request(), cancellationToken);
            return (long)elapsed.TotalNanoseconds;
        }

        private static RequestContext Request() => new(
            new Caller(s_newcomer, AgencyRole.LawEnforcement, "01ab"), "officer-7", Guid.CreateVersion7(), new byte[32], Lane.Interactive);
    }
}
