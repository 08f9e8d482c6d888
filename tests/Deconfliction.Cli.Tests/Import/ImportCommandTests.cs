using System.Text;
using Deconfliction.Cli.Tests.Grid;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Cli.Tests.Import;

public sealed class ImportCommandTests : GridTest
{
    [Fact]
    public async Task Import_MixedFile_TellsRejectedLinesAndSumsUp()
    {
        var file = Program.Write("mixed.tsv", "kind\tvalue\tpriority\nip\tshared-1\t\nip\tbad one\t\nip\tx\tsoon\nip\t0.0.0.0\t\nip\tshared-1\t\n");

        var outcome = await Program.RunAsync("import", file, "--case", "OP-1", "--json");

        Assert.Equal(ExitStatus.SomeRejected, outcome.Exit);
        var lines = outcome.Json;
        Assert.Equal(3, lines.Count);
        var rejected = lines[..2].OrderBy(line => line.GetProperty("line").GetInt64()).ToList();
        Assert.Equal((3, "value", "bad one", "IDENTIFIER_MALFORMED"), Key(rejected[0]));
        Assert.Equal((4, "priority", "soon", "UNKNOWN_VALUE"), Key(rejected[1]));
        var sum = lines[2];
        Assert.Equal((2, 2, 1, 1, 1), (Number("accepted"), Number("rejected"), Number("duplicates"), Number("overlaps"), Number("hazards")));
        Assert.True(sum.GetProperty("seconds").GetDouble() >= 0);
        Assert.True(sum.GetProperty("complete").GetBoolean());

        int Number(string name) => sum.GetProperty(name).GetInt32();
        static (int, string?, string?, string?) Key(System.Text.Json.JsonElement line) => (
            line.GetProperty("line").GetInt32(), line.GetProperty("field").GetString(), line.GetProperty("value").GetString(), line.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Import_ForAReader_SaysTheSameInWords()
    {
        var file = Program.Write("mixed.csv", "kind,value\nip,bad\nip,0.0.0.0\n");

        var outcome = await Program.RunAsync("import", file, "--case", "OP-1");

        Assert.Equal(ExitStatus.SomeRejected, outcome.Exit);
        Assert.Contains("line 2: value 'bad': IDENTIFIER_MALFORMED: It is bad. Give a good one.", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("1 accepted, 0 duplicates, 1 rejected; 0 overlaps, 1 hazards", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("line 3: hazard", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_Again_CountsDuplicatesAndExitsWith0()
    {
        var file = Program.Write("good.jsonl", """{"kind":"ip","value":"a"}""" + "\n" + """{"kind":"ip","value":"b"}""");

        await Program.RunAsync("import", file, "--case", "OP-1");
        var outcome = await Program.RunAsync("import", file, "--case", "OP-1", "--json");

        Assert.Equal(ExitStatus.Done, outcome.Exit);
        Assert.Equal(2, Assert.Single(outcome.Json).GetProperty("duplicates").GetInt32());
        Assert.Equal(2, Grid.State.Claims);
        Assert.All(Grid.State.Requests.OfType<ImportClaimsRequest>(), request => Assert.Equal("officer", request.RequestedBy));
    }

    [Fact]
    public async Task Import_ConnectionsCutInMidImport_LosesNothingAndDoublesNothing()
    {
        const int Lines = 20_000;
        await using var proxy = new CuttableProxy(Grid.Port);
        using var program = new Deconflict(Grid, proxy.Address);
        var cuts = new Queue<int>([2_000, 7_000, 15_000]);
        Grid.State.AfterBatch = claims =>
        {
            // Kept, but the answer never arrives: the client cannot know, and must ask again with the same request_id.
            if (cuts.TryPeek(out var next) && claims >= next)
            {
                cuts.Dequeue();
                proxy.Cut();
            }

            return Task.CompletedTask;
        };
        var file = program.Write("many.tsv", Many(Lines));

        var outcome = await program.RunAsync("import", file, "--case", "OP-1", "--json");

        Assert.Equal((ExitStatus.Done, ""), (outcome.Exit, outcome.Exit == ExitStatus.Done ? "" : outcome.Error));
        Assert.Empty(cuts);
        Assert.True(proxy.Connections >= 4, $"{proxy.Connections} connections for three cuts.");
        Assert.True(Grid.State.Replays > 0, "Nothing was sent again, so the test shows nothing.");
        Assert.Equal(Lines, Grid.State.Claims);
        var sum = Assert.Single(outcome.Json);
        Assert.Equal((Lines, 0, 0), (sum.GetProperty("accepted").GetInt32(), sum.GetProperty("duplicates").GetInt32(), sum.GetProperty("rejected").GetInt32()));
        Assert.Contains("Interrupted", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_ServerGoneForGood_SumsUpAndExitsWith3()
    {
        await using var proxy = new CuttableProxy(Grid.Port);
        using var program = new Deconflict(Grid, proxy.Address);
        Grid.State.AfterBatch = claims =>
        {
            if (claims >= 1_000)
            {
                proxy.Cut();
            }

            return Task.CompletedTask;
        };
        var file = program.Write("many.tsv", Many(2_000));

        var outcome = await program.RunAsync("import", file, "--case", "OP-1", "--retry-for", "1", "--json");

        Assert.Equal(ExitStatus.Unreachable, outcome.Exit);
        var sum = Assert.Single(outcome.Json);
        Assert.False(sum.GetProperty("complete").GetBoolean());
        Assert.Equal("UNAVAILABLE", outcome.JsonErrors[^1].GetProperty("error").GetString());
    }

    [Fact]
    public async Task Import_Refused_ExitsWith4AtOnce()
    {
        Grid.State.Refusals.Enqueue(RichError.PermissionDenied("An operator makes no claims.").WithInfo("ROLE").ToException());
        var file = Program.Write("good.tsv", Many(10));

        var outcome = await Program.RunAsync("import", file, "--case", "OP-1", "--json");

        Assert.Equal(ExitStatus.Refused, outcome.Exit);
        Assert.Equal("ROLE", outcome.JsonErrors[^1].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Import_NoSuchFile_IsWrongUse()
    {
        var outcome = await Program.RunAsync("import", Program.PathOf("absent.tsv"), "--case", "OP-1");

        Assert.Equal(ExitStatus.WrongUse, outcome.Exit);
        Assert.Contains("absent.tsv", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Import_NameWithoutFormat_IsWrongUse_UnlessNamed()
    {
        var file = Program.Write("list.txt", Many(1));

        var outcome = await Program.RunAsync("import", file, "--case", "OP-1");
        var named = await Program.RunAsync("import", file, "--case", "OP-1", "--format", "TSV");

        Assert.Equal((ExitStatus.WrongUse, ExitStatus.Done), (outcome.Exit, named.Exit));
        Assert.Contains("--format", outcome.Error, StringComparison.Ordinal);
    }

    private static string Many(int lines)
    {
        var text = new StringBuilder("kind\tvalue\n");
        for (var i = 0; i < lines; i++)
        {
            text.Append("ip\tvalue-").Append(i).Append('\n');
        }

        return text.ToString();
    }
}
