using Deconfliction.Dashboard.Invariants;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Dashboard.Text;
using Deconfliction.Dashboard.Verdicts;
using Deconfliction.Ledger;

namespace Deconfliction.Dashboard.Panels.Overview;

/// <summary>How the grid is, in one sentence, with the cause and the remedy.</summary>
internal sealed class VerdictPanel(ILedger ledger, InvariantMonitor monitor) : IPanel
{
    public string Id => "verdict";

    public Task<PanelContent> ReadAsync(PanelContext context)
    {
        var verdict = Verdict.Of(context.Grid, ledger.Health, monitor.Last);
        var words = context.Words;
        var values = verdict.Values.Select(value => value is DateTimeOffset at ? words.Clock(at) : value is double number ? words.Duration(number) : value).ToArray();
        var block = new VerdictBlock(
            verdict.Tone, words.Say($"verdict.{verdict.Key}", values), words.Say($"verdict.{verdict.Key}.cause", values), words.Say($"verdict.{verdict.Key}.remedy", values));
        return Task.FromResult(new PanelContent(context.Grid.Now, [block]));
    }
}

/// <summary>What happens now.</summary>
internal sealed class NowPanel : IPanel
{
    private const int Minute = 12;

    public string Id => "now";

    public Task<PanelContent> ReadAsync(PanelContext context)
    {
        var (grid, words) = (context.Grid, context.Words);
        var claims = grid.HistogramOf(SeriesNames.Claim);
        var backlog = grid.GaugeOf(SeriesNames.Backlog) ?? 0;
        var shed = grid.Fine.Sum(sample => sample.CountOf(SeriesNames.Shed));
        var tiles = new TilesBlock(
        [
            Rate("tile.claims", SeriesNames.Claim), Rate("tile.checks", SeriesNames.Check), Rate("tile.overlaps", SeriesNames.Overlap),
            new(words["tile.claim.p99"], Charts.Written(words, claims, 0.99), words.Say("tile.claim.p50", Charts.Written(words, claims, 0.5)),
                Tone.None, Charts.Trend(grid, Charts.Seconds(SeriesNames.Claim, 0.99))),
            new(words["tile.backlog"], words.Count((long)backlog), words["tile.backlog.note"], backlog > Verdict.LongBacklog ? Tone.Warn : Tone.None,
                Charts.Trend(grid, Charts.Gauge(SeriesNames.Backlog))),
            new(words["tile.shed"], words.Count(shed), words["tile.shed.note"], shed > 0 ? Tone.Warn : Tone.None, Charts.Trend(grid, Charts.Rate(SeriesNames.Shed))),
        ]);
        return Task.FromResult(new PanelContent(grid.SampledAt ?? grid.Now, [tiles]));

        Tile Rate(string key, string series) => new(
            words[key], grid.RateOf(series, Minute) is { } rate ? words.Number(rate) : "–",
            words.Say("tile.quarter", words.Count(grid.Fine.Sum(sample => sample.CountOf(series)))), Tone.None, Charts.Trend(grid, Charts.Rate(series)));
    }
}

/// <summary>How much, over a quarter of an hour.</summary>
internal sealed class ThroughputPanel : IPanel
{
    public string Id => "throughput";

    public Task<PanelContent> ReadAsync(PanelContext context)
    {
        var words = context.Words;
        return Task.FromResult(new PanelContent(context.Grid.SampledAt ?? context.Grid.Now,
        [
            Charts.Quarter(context.Grid, words["chart.throughput"], words["unit.persecond"], words.Number,
                (words["line.claims"], Charts.Rate(SeriesNames.Claim)), (words["line.checks"], Charts.Rate(SeriesNames.Check)),
                (words["line.overlaps"], Charts.Rate(SeriesNames.Overlap))),
        ]));
    }
}

/// <summary>How long claims and checks take, over a quarter of an hour.</summary>
internal sealed class LatencyPanel : IPanel
{
    public string Id => "latency";

    public Task<PanelContent> ReadAsync(PanelContext context)
    {
        var words = context.Words;
        return Task.FromResult(new PanelContent(context.Grid.SampledAt ?? context.Grid.Now,
        [
            Charts.Quarter(context.Grid, words["chart.latency"], words["unit.duration"], words.Duration,
                (words["line.claim.p50"], Charts.Seconds(SeriesNames.Claim, 0.5)), (words["line.claim.p99"], Charts.Seconds(SeriesNames.Claim, 0.99)),
                (words["line.check.p99"], Charts.Seconds(SeriesNames.Check, 0.99))),
        ]));
    }
}

/// <summary>The last day.</summary>
internal sealed class DayPanel : IPanel
{
    public string Id => "day";

    public Task<PanelContent> ReadAsync(PanelContext context)
    {
        var words = context.Words;
        return Task.FromResult(new PanelContent(context.Grid.SampledAt ?? context.Grid.Now,
        [
            Charts.Day(context.Grid, words["chart.day.throughput"], words["unit.persecond"], words.Number,
                (words["line.claims"], Charts.Rate(SeriesNames.Claim)), (words["line.checks"], Charts.Rate(SeriesNames.Check)),
                (words["line.overlaps"], Charts.Rate(SeriesNames.Overlap))),
            Charts.Day(context.Grid, words["chart.day.latency"], words["unit.duration"], words.Duration,
                (words["line.claim.p99"], Charts.Seconds(SeriesNames.Claim, 0.99)), (words["line.check.p99"], Charts.Seconds(SeriesNames.Check, 0.99))),
        ]));
    }
}

/// <summary>What the ledger's groups cost.</summary>
internal sealed class CommitPanel : IPanel
{
    public string Id => "commit";

    public Task<PanelContent> ReadAsync(PanelContext context)
    {
        var (grid, words) = (context.Grid, context.Words);
        return Task.FromResult(new PanelContent(grid.SampledAt ?? grid.Now,
        [
            Charts.Quarter(grid, words["chart.commit"], words["unit.duration"], words.Duration,
                (words["line.p50"], Charts.Seconds(SeriesNames.Commit, 0.5)), (words["line.p99"], Charts.Seconds(SeriesNames.Commit, 0.99))),
            Charts.Quarter(grid, words["chart.group"], words["unit.items"], words.Number, (words["line.group"], Charts.Mean(SeriesNames.GroupSize))),
            .. grid.Fine.Any(sample => sample.Gauges.ContainsKey(SeriesNames.PoolUsed)) ? (Block[])[Pool(grid, words)] : [],
        ]));
    }

    // SQLite has no pool.
    private static ChartBlock Pool(GridView grid, Language words) => Charts.Quarter(
        grid, words["chart.pool"], words["unit.items"], words.Number, (words["line.pool.used"], Charts.Gauge(SeriesNames.PoolUsed)),
        (words["line.pool.waiting"], Charts.Gauge(SeriesNames.PoolWaiting)), (words["line.pool.most"], Charts.Gauge(SeriesNames.PoolMost))) with { IsWhole = true };
}
