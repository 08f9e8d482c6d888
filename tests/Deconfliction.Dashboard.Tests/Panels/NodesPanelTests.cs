using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Panels;
using Deconfliction.Dashboard.Panels.Nodes;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Dashboard.Text;

namespace Deconfliction.Dashboard.Tests.Panels;

public sealed class NodesPanelTests
{
    private const int State = 1;
    private const int Version = 3;
    private const int Identifiers = 4;

    [Fact]
    public async Task Silo_OfAnotherVersion_IsSaidToBeSoWithItsVersionAndNoFigures()
    {
        var content = await ReadAsync(Language.English, Grids.Node("b", NodeState.OtherVersion) with { Version = "0.0.9" });
        var row = Grids.Rows(content)[1];
        Assert.Equal(("another version: its figures are not shown here", "0.0.9", "–"), (row[State], row[Version], row[Identifiers]));
        Assert.Contains(content.Blocks, block => block is NoteBlock note && note.Text == Language.English["note.otherversion"]);
        Assert.Equal("autre version : ses chiffres ne sont pas montrés ici", Grids.Rows(await ReadAsync(Language.French, Grids.Node("b", NodeState.OtherVersion)))[1][State]);
    }

    [Theory]
    [InlineData(NodeState.Dead, "dead", Tone.Bad)]
    [InlineData(NodeState.Silent, "does not answer", Tone.Bad)]
    [InlineData(NodeState.Left, "has left", Tone.None)]
    internal async Task Silo_ThatIsNotThere_IsSaidToBeSoAndWhatItSaidLastIsNotShown(NodeState state, string said, Tone tone)
    {
        var content = await ReadAsync(Language.English, Grids.Node("b", state));
        var row = content.Blocks.OfType<TableBlock>().First().Rows[1];
        Assert.Equal((said, tone, "–"), (row[State].Text, row[State].Tone, row[Identifiers].Text));
        Assert.DoesNotContain(content.Blocks, block => block is NoteBlock);
    }

    [Fact]
    public async Task Silo_ThatWorks_HasItsFigures()
    {
        var row = Grids.Rows(await ReadAsync(Language.English, Grids.Node("b")))[1];
        Assert.Equal(("active", "0.1.0", "7"), (row[State], row[Version], row[Identifiers]));
    }

    [Fact]
    public async Task Silo_ThatIsHeardOfLateAndSuspected_SaysWhatItUsesAndThat()
    {
        var node = Grids.Node("b");
        var sample = node.Fine[0] with
        {
            Gauges = new Dictionary<string, double>
            {
                [SeriesNames.Cpu] = 0.5, [SeriesNames.Memory] = 256 << 20, [SeriesNames.GcPause] = 0.02, [SeriesNames.ThreadQueue] = 17, [SeriesNames.Actors] = 7,
            },
        };
        var content = await ReadAsync(Language.English, node with { Fine = [sample], Suspicions = 2, LastHeartbeat = Grids.Now.AddSeconds(-20), Activations = [new("identifier", 7), new("sweep", 21)] });
        var row = content.Blocks.OfType<TableBlock>().First().Rows[1];
        Assert.Equal(["0.50 cores", "256 MiB", "2 %", "17", "11:59:40 UTC", "2"], row.Skip(7).Select(cell => cell.Text.Replace('\u00a0', ' ').Replace('\u202f', ' ')));
        Assert.Equal((Tone.Bad, Tone.Warn), (row[11].Tone, row[12].Tone));
        Assert.Equal(["b", "7", "21"], content.Blocks.OfType<TableBlock>().Last().Rows.Single().Select(cell => cell.Text));
    }

    private static async Task<PanelContent> ReadAsync(Language words, NodeView other) => await new NodesPanel().ReadAsync(await Grids.OfAsync(words, Grids.Node("a"), other));
}
