using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Telemetry;

namespace Deconfliction.Dashboard.Panels.Nodes;

/// <summary>Each node: how it stands, what it does, what it uses.</summary>
internal sealed class NodesPanel : IPanel
{
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(15);

    public string Id => "nodes";

    public Task<PanelContent> ReadAsync(PanelContext context)
    {
        var (grid, words) = (context.Grid, context.Words);
        var table = new TableBlock(
            [
                new(words["column.node"]), new(words["column.state"]), new(words["column.since"]), new(words["column.version"]),
                new(words["column.actors"], true), new(words["column.claimspersecond"], true), new(words["column.claimp99"], true),
                new(words["column.cpu"], true), new(words["column.memory"], true), new(words["column.gcpause"], true),
                new(words["column.queue"], true), new(words["column.heartbeat"]),
                .. grid.Nodes.Count > 1 ? (Column[])[new(words["column.suspicions"], true)] : [],
            ],
            [.. grid.Nodes.Select(node => Row(node, context))],
            words["empty.nodes"]);
        return Task.FromResult(new PanelContent(grid.Now, [table]));
    }

    private static IReadOnlyList<Cell> Row(NodeView node, PanelContext context)
    {
        var words = context.Words;
        var last = node.Fine.Count > 0 ? node.Fine[^1] : null;
        var seconds = node.Fine.TakeLast(12).Sum(sample => sample.Length.TotalSeconds);
        var rate = seconds > 0 ? node.Fine.TakeLast(12).Sum(sample => sample.CountOf(SeriesNames.Claim)) / seconds : 0;
        var claims = HistogramSum.Of(node.Fine.Select(sample => sample.Histograms.GetValueOrDefault(SeriesNames.Claim)));
        return
        [
            new Cell(node.Name) { IsCode = true },
            new Cell(node.Problem.Length > 0 ? $"{words[$"state.{node.State}"]}: {words.Known("problem", node.Problem)}" : words[$"state.{node.State}"]) { Tone = ToneOf(node.State) },
            new Cell(words.Time(node.StartedAt)) { Time = node.StartedAt },
            new Cell(node.Version) { IsCode = true },
            Gauge(SeriesNames.Actors, value => words.Count((long)value)),
            new Cell(words.Number(rate)) { Number = rate },
            new Cell(Charts.Written(words, claims, 0.99)) { Number = claims.Quantile(0.99) / 1e9 },
            Gauge(SeriesNames.Cpu, value => words.Say("unit.cores", value)),
            Gauge(SeriesNames.Memory, words.Bytes),
            Gauge(SeriesNames.GcPause, value => words.Percent(value)),
            Gauge(SeriesNames.ThreadQueue, value => words.Count((long)value)),
            new Cell(words.Clock(node.LastHeartbeat))
            {
                Time = node.LastHeartbeat, Tone = context.Grid.Now - node.LastHeartbeat > s_late ? Tone.Bad : Tone.None,
            },
            .. context.Grid.Nodes.Count > 1
                ? (Cell[])[new(words.Count(node.Suspicions)) { Number = node.Suspicions, Tone = node.Suspicions > 0 ? Tone.Warn : Tone.None }] : [],
        ];

        Cell Gauge(string series, Func<double, string> write) =>
            last is not null && last.Gauges.TryGetValue(series, out var value) ? new Cell(write(value)) { Number = value } : new Cell("–");
    }

    private static Tone ToneOf(NodeState state) => state switch
    {
        NodeState.Active => Tone.Good,
        NodeState.Draining => Tone.Warn,
        _ => Tone.Bad,
    };
}

/// <summary>What the nodes use, over a quarter of an hour; the four that use most.</summary>
internal sealed class ResourcesPanel : IPanel
{
    public string Id => "resources";

    public Task<PanelContent> ReadAsync(PanelContext context)
    {
        var (grid, words) = (context.Grid, context.Words);
        return Task.FromResult(new PanelContent(grid.SampledAt ?? grid.Now,
        [
            Of("chart.cpu", words["unit.coresaxis"], words.Number, SeriesNames.Cpu),
            Of("chart.memory", words["unit.bytesaxis"], words.Bytes, SeriesNames.Memory) with { IsBinary = true },
            Of("chart.gc", words["unit.share"], value => words.Percent(value), SeriesNames.GcPause),
            Of("chart.queue", words["unit.items"], words.Number, SeriesNames.ThreadQueue),
        ]));

        ChartBlock Of(string title, string unit, Func<double, string> format, string series)
        {
            var most = grid.Nodes.Where(node => node.Fine.Count > 0)
                .OrderByDescending(node => node.Fine[^1].Gauges.GetValueOrDefault(series)).Take(4).ToList();
            var charts = most.Select(node => Charts.Quarter(node.Fine, grid.Now, words[title], unit, format, node.Name, Charts.Gauge(series))).ToList();
            return charts.Count == 0
                ? Charts.Quarter(grid, words[title], unit, format)
                : charts[0] with { Lines = [.. charts.SelectMany(chart => chart.Lines)] };
        }
    }
}
