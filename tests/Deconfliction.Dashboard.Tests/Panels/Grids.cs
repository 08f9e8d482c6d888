using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Panels;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Dashboard.Text;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Dashboard.Tests.Panels;

/// <summary>Grids as panels read them, of nodes that a test makes up.</summary>
internal static class Grids
{
    /// <summary>When it is.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    /// <summary>What a panel reads of these nodes.</summary>
    public static async Task<PanelContext> OfAsync(Language words, params NodeView[] nodes) =>
        new(await GridView.ReadAsync(new Fixed(nodes), new FakeTimeProvider(Now), CancellationToken.None), words, IsOperator: true, CancellationToken.None);

    /// <summary>A node with one sample of 5 s.</summary>
    public static NodeView Node(string name, NodeState state = NodeState.Active, IReadOnlyDictionary<string, HistogramPart>? histograms = null) => new()
    {
        Name = name, State = state, Version = "0.1.0", StartedAt = Now.AddHours(-1), LastHeartbeat = Now,
        Fine =
        [
            new Sample(
                Now.AddSeconds(-2), TimeSpan.FromSeconds(5), histograms ?? new Dictionary<string, HistogramPart>(), new Dictionary<string, long>(),
                new Dictionary<string, double> { [SeriesNames.Actors] = 7 }),
        ],
    };

    /// <summary>So many values of so many seconds.</summary>
    public static HistogramPart Values(params (int Count, double Seconds)[] values)
    {
        var live = new LiveHistogram();
        foreach (var (count, seconds) in values)
        {
            for (var i = 0; i < count; i++)
            {
                live.Record((long)(seconds * 1e9));
            }
        }

        return live.Take()!;
    }

    /// <summary>The texts of a table's rows.</summary>
    public static IReadOnlyList<IReadOnlyList<string>> Rows(PanelContent content) =>
        [.. content.Blocks.OfType<TableBlock>().First().Rows.Select(row => (IReadOnlyList<string>)[.. row.Select(cell => cell.Text)])];

    private sealed class Fixed(IReadOnlyList<NodeView> nodes) : INodeViews
    {
        public Task<IReadOnlyList<NodeView>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(nodes);

        public Task NextAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public IReadOnlyList<MembershipChange> Changes => [];
    }
}
