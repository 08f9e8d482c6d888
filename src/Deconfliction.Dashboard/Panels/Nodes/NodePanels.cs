using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Dashboard.Text;

namespace Deconfliction.Dashboard.Panels.Nodes;

/// <summary>Each node: how it stands, what it does, what it uses.</summary>
internal sealed class NodesPanel : IPanel
{
    private static readonly TimeSpan s_today = TimeSpan.FromHours(12);
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
        return Task.FromResult(new PanelContent(grid.Now,
        [
            table,
            .. grid.Nodes.Any(node => node.State == NodeState.OtherVersion) ? (Block[])[new NoteBlock(words["note.otherversion"])] : [],
            .. grid.Nodes.Any(node => node.Activations.Count > 0) ? (Block[])[Activations(grid, words)] : [],
        ]));
    }

    // Of a cluster: what lives where.
    private static TableBlock Activations(GridView grid, Language words)
    {
        var kinds = grid.Nodes.SelectMany(node => node.Activations).Select(one => one.Kind).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        return new TableBlock(
            [new(words["column.node"]), .. kinds.Select(kind => new Column(words.Known("activation", kind), IsNumber: true))],
            [
                .. grid.Nodes.Where(node => node.Activations.Count > 0 && node.State is NodeState.Active or NodeState.NotReady or NodeState.Draining)
                    .Select(node => (IReadOnlyList<Cell>)
                    [
                        new Cell(node.Name) { IsCode = true },
                        .. kinds.Select(kind => node.Activations.Where(one => one.Kind == kind).Sum(one => one.Count))
                            .Select(count => new Cell(words.Count(count)) { Number = count }),
                    ]),
            ],
            words["empty.nodes"]) { Caption = words["caption.activations"] };
    }

    private static IReadOnlyList<Cell> Row(NodeView node, PanelContext context)
    {
        var words = context.Words;
        // Of one that is gone or silent nothing is known now; what it said last would pass for it.
        var fine = node.State is NodeState.Active or NodeState.NotReady or NodeState.Draining ? node.Fine : [];
        var last = fine.Count > 0 ? fine[^1] : null;
        var seconds = fine.TakeLast(12).Sum(sample => sample.Length.TotalSeconds);
        var rate = seconds > 0 ? fine.TakeLast(12).Sum(sample => sample.CountOf(SeriesNames.Claim)) / seconds : (double?)null;
        var claims = HistogramSum.Of(fine.Select(sample => sample.Histograms.GetValueOrDefault(SeriesNames.Claim)));
        return
        [
            new Cell(node.Name) { IsCode = true },
            new Cell(node.Problem.Length > 0 ? $"{words[$"state.{node.State}"]}: {words.Known("problem", node.Problem)}" : words[$"state.{node.State}"]) { Tone = ToneOf(node.State) },
            new Cell(context.Grid.Now - node.StartedAt < s_today ? words.Clock(node.StartedAt) : words.Time(node.StartedAt)[..10]) { Time = node.StartedAt },
            node.Version.Length > 0 ? new Cell(node.Version) { IsCode = true } : new Cell("–"),
            Gauge(SeriesNames.Actors, value => words.Count((long)value)),
            rate is { } perSecond ? new Cell(words.Number(perSecond)) { Number = perSecond } : new Cell("–"),
            new Cell(Charts.Written(words, claims, 0.99)) { Number = claims.Quantile(0.99) / 1e9 },
            Gauge(SeriesNames.Cpu, value => words.Say("unit.cores", value)),
            Gauge(SeriesNames.Memory, words.Bytes),
            Gauge(SeriesNames.GcPause, value => words.Percent(value)),
            Gauge(SeriesNames.ThreadQueue, value => words.Count((long)value)),
            new Cell(words.Clock(node.LastHeartbeat))
            {
                Time = node.LastHeartbeat, Tone = node.State != NodeState.Left && context.Grid.Now - node.LastHeartbeat > s_late ? Tone.Bad : Tone.None,
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
        NodeState.Left => Tone.None,
        NodeState.Draining or NodeState.OtherVersion => Tone.Warn,
        _ => Tone.Bad,
    };
}

/// <summary>How nodes came and went.</summary>
internal sealed class MembershipPanel : IPanel
{
    private const int Most = 40;

    public string Id => "membership";

    public Task<PanelContent> ReadAsync(PanelContext context)
    {
        var words = context.Words;
        var table = new TableBlock(
            [new(words["column.when"]), new(words["column.node"]), new(words["column.step"]), new(words["column.by"])],
            [
                .. context.Grid.Changes.Take(Most).Select(change => (IReadOnlyList<Cell>)
                [
                    new Cell(words.Time(change.At)) { Time = change.At },
                    new Cell(change.Node) { IsCode = true },
                    new Cell(words[$"step.{change.Step}"]) { Tone = ToneOf(change.Step) },
                    change.By.Length > 0 ? new Cell(change.By) { IsCode = true } : new Cell("–"),
                ]),
            ],
            words["empty.membership"]);
        return Task.FromResult(new PanelContent(context.Grid.Now, [table]));
    }

    private static Tone ToneOf(MembershipStep step) => step switch
    {
        MembershipStep.Joined => Tone.Good,
        MembershipStep.Suspected => Tone.Warn,
        MembershipStep.DeclaredDead => Tone.Bad,
        _ => Tone.None,
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
            Of("chart.queue", words["unit.items"], words.Number, SeriesNames.ThreadQueue) with { IsWhole = true },
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
