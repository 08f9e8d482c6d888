using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.Testing.Processes;

namespace Deconfliction.LoadTests.Tests.Rows;

public sealed class ResultTests
{
    private static readonly string[] s_order = ["claims", "checks", "hot"];

    [Fact]
    public void Table_Figures_SaysWhatWasAskedTheMedianAndTheVerdict()
    {
        var table = RowMarkdown.Table(Run(Row("claims", 1.5, 2.25, 2.5)));

        Assert.Contains("| ours over theirs | 2.00 x | 3.00 x | **2.25 x** | 1.50 to 2.50 (3) | at least reached | `loadtests/run --only claims` |", table, StringComparison.Ordinal);
    }

    [Fact]
    public void Table_MedianBelowWhatIsAsked_SaysMissed() =>
        Assert.Contains("**1.99 x** | 1.99 to 1.99 (1) | **missed** |", RowMarkdown.Table(Run(Row("claims", 1.99))), StringComparison.Ordinal);

    [Fact]
    public void Write_Sides_SaysCallersTuningDiskAndCommit()
    {
        var text = RowMarkdown.Write(Run(Row("claims", 2)));

        Assert.Contains("| claims | theirs | 32 | 16: 900/s, 32: 1,000/s | **1,000** | 900 to 1,100 (3) | claims/s | 1.00 / 2.00 / 3.00 / 4.00 | 10.0 / 20.0 / 30.0 | 25 % |", text, StringComparison.Ordinal);
        Assert.Contains("\n- Theirs: prepared statements.\n", text, StringComparison.Ordinal);
        Assert.Contains("| claims | 12:30 | abc1234 | 5 of 5 s | 7,000 | 18 | 0.10 |", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Merge_RowMeasuredAgain_TakesThePlaceOfTheOlderInTheTablesOrder()
    {
        var before = Run(Row("hot", 1), Row("claims", 2));

        var whole = KeptResults.Merge(before, Run(Row("checks", 4), Row("claims", 3)), s_order);

        Assert.Equal(s_order, whole.Rows.Select(static row => row.Row));
        Assert.Equal([3.0], whole.Rows[0].Figures[0].Rounds);
    }

    [Fact]
    public void Merge_RowLeftOutNow_TakesNobodysPlace()
    {
        var leftOut = Row("hot") with { Figures = [], Sides = [], LeftOut = "Orleans is not in the feed." };

        var whole = KeptResults.Merge(Run(Row("hot", 1.25)), Run(Row("claims", 2), leftOut), s_order);

        Assert.Equal([1.25], whole.Rows[1].Figures[0].Rounds);
        Assert.Contains(
            "| hot: not measured. Orleans is not in the feed. |  |  |  |  | left out | `loadtests/run --only hot` |",
            RowMarkdown.Table(KeptResults.Merge(Run(Row("claims", 1)), Run(leftOut), s_order)),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Write_RowMeasuredWithOtherSettings_SaysWithWhich()
    {
        var other = Row("hot", 1) with { Setting = "4 processors. PostgreSQL 16. Tuned" };
        var run = Run(Row("claims", 2) with { Setting = "2 processors. PostgreSQL 15. As it comes." }, other);

        Assert.EndsWith("\n## Measured with other settings than above\n- Hot: 4 processors. PostgreSQL 16. Tuned.\n", RowMarkdown.Write(run), StringComparison.Ordinal);
    }

    [Fact]
    public void Sum_OfCosts_AddsEach() =>
        Assert.Equal(new CpuCost(2, 4, 6, 8, 10, 12), CpuCost.Sum([new CpuCost(1, 2, 3, 4, 5, 6), new CpuCost(1, 2, 3, 4, 5, 6)]));

    [Fact]
    public async Task Add_Twice_KeepsBothRowsInBothFiles()
    {
        using var folder = new TemporaryFolder();

        await KeptResults.AddAsync(folder["kept"], Run(Row("hot", 1.25)), s_order);
        var whole = await KeptResults.AddAsync(folder["kept"], Run(Row("claims", 2)), s_order);

        Assert.Equal(["claims", "hot"], whole.Rows.Select(static row => row.Row));
        var read = KeptResults.Read(await File.ReadAllTextAsync(folder["kept.json"]));
        Assert.Equal(KeptResults.Write(whole), KeptResults.Write(read));
        Assert.Equal(RowMarkdown.Write(whole), await File.ReadAllTextAsync(folder["kept.md"]));
        Assert.Equal(1.25, read.Rows[1].Figures[0].Value.Median);
        Assert.Equal(new Target(2, 3), read.Rows[1].Figures[0].Target);
    }

    [Fact]
    public void Replace_BetweenTheMarks_LeavesTheRestAlone()
    {
        var text = $"before\n{ReadmeTable.Begin}\nold\n{ReadmeTable.End}\nafter\n";

        Assert.Equal($"before\n{ReadmeTable.Begin}\nnew\n{ReadmeTable.End}\nafter\n", ReadmeTable.Replace(text, "new\n"));
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData(ReadmeTable.Begin)]
    [InlineData(ReadmeTable.End + ReadmeTable.Begin)]
    [InlineData(ReadmeTable.Begin + ReadmeTable.Begin + ReadmeTable.End)]
    public void Replace_MarksMissingOrMixedUp_Throws(string text) => Assert.Throws<FormatException>(() => ReadmeTable.Replace(text, "new"));

    private static RunResult Run(params RowResult[] rows) => new() { Machine = "2 processors", Versions = "PostgreSQL 15", Database = "As it comes.", Rows = rows };

    [Fact]
    public void Origin_OfRowsMeasuredAtTwoCommits_NamesTheOtherOnesRow()
    {
        var run = Run(Row("claims", 2), Row("checks", 2), Row("goodput", 1) with { Commit = "def5678" });

        Assert.Equal(
            "\nRows begun from 2026-11-25 12:30 to 12:30 UTC at commit abc1234, goodput: def5678, on 2 processors. All sides, settings and rounds: "
            + "[results/2026-11-25.md](results/2026-11-25.md).\n",
            RowMarkdown.Origin(run, "results/2026-11-25.md"));
    }

    private static RowResult Row(string name, params double[] rounds) => new()
    {
        Row = name, At = new DateTimeOffset(2026, 11, 25, 12, 30, 0, TimeSpan.Zero), Rounds = "5 of 5 s", Commit = "abc1234", LoadBefore = "0.10", SyncsPerSecond = 7_000, CacheReadNanoseconds = 18.3,
        Figures = [new RowFigure("ours over theirs", "x", new Target(2, 3), rounds)],
        Sides =
        [
            new SideResult
            {
                Name = "theirs", Callers = "32", Tried = "16: 900/s, 32: 1,000/s", Unit = "claims/s", Rounds = [900, 1_000, 1_100], Latency = new Latency(1, 2, 3, 4),
                Cpu = new CpuCost(1, 2, 3, 2, 8, 100_000), Tuning = "theirs: prepared statements",
            },
        ],
    };
}
