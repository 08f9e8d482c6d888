using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Panels;
using Deconfliction.Dashboard.Panels.Nodes;
using Deconfliction.Dashboard.Panels.Overview;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Dashboard.Text;

namespace Deconfliction.Dashboard.Tests.Panels;

/// <summary>
/// What the panels call a percentile is that of all nodes' calls together: no mean, and no mean of the nodes' own. Of these hundred calls
/// half end within a millisecond; the mean is 101 ms, and the mean of the two nodes' medians half a second.
/// </summary>
public sealed class PercentileTests
{
    private const double Fast = 0.001;
    private const double Slow = 1;
    private static readonly NodeView[] s_nodes = [Node("a", (90, Fast)), Node("b", (10, Slow))];

    [Fact]
    public async Task Calls_OfTwoNodes_HaveThePercentilesOfAll()
    {
        var content = await new CallsPanel().ReadAsync(await Grids.OfAsync(Language.English, s_nodes));
        var row = Assert.Single(content.Blocks.OfType<TableBlock>().Single().Rows);
        Assert.Equal(100, row[1].Number);
        AssertSeconds(Fast, row[3].Number);
        Assert.All(row.Skip(4).Take(3), cell => AssertSeconds(Slow, cell.Number));
        Assert.Equal(Slow, row[6].Number);
    }

    [Fact]
    public async Task Charts_OfTwoNodes_DrawThePercentilesOfAll()
    {
        var content = await new LatencyPanel().ReadAsync(await Grids.OfAsync(Language.English, s_nodes));
        var lines = content.Blocks.OfType<ChartBlock>().Single().Lines.ToDictionary(line => line.Name, line => line.Points[^1].Value);
        AssertSeconds(Fast, lines[Language.English["line.claim.p50"]]);
        AssertSeconds(Slow, lines[Language.English["line.claim.p99"]]);
    }

    [Fact]
    public async Task Now_OfTwoNodes_SaysThePercentilesOfAll()
    {
        var content = await new NowPanel().ReadAsync(await Grids.OfAsync(Language.English, s_nodes));
        var tile = Assert.Single(content.Blocks.OfType<TilesBlock>().Single().Tiles, tile => tile.Label == Language.English["tile.claim.p99"]);
        // The middles of their buckets.
        Assert.Equal(("998 ms", "half take at most 1.01 ms"), (tile.Value, tile.Note));
    }

    [Fact]
    public async Task Silos_EachByItself_HaveTheirOwnPercentile()
    {
        var content = await new NodesPanel().ReadAsync(await Grids.OfAsync(Language.English, s_nodes));
        var rows = content.Blocks.OfType<TableBlock>().First().Rows;
        AssertSeconds(Fast, rows[0][6].Number);
        AssertSeconds(Slow, rows[1][6].Number);
    }

    private static NodeView Node(string name, (int, double) values) => Grids.Node(name, histograms: new Dictionary<string, HistogramPart>
    {
        [SeriesNames.Claim] = Grids.Values(values), [SeriesNames.OfCall("deconfliction.v1.ClaimService/CreateClaim", "OK")] = Grids.Values(values),
    });

    // Exact to half a bucket.
    private static void AssertSeconds(double expected, double? actual) => Assert.InRange(actual ?? double.NaN, expected * 0.98, expected * 1.02);
}
