using System.CommandLine;
using Deconfliction.Cli.Invocation;
using Deconfliction.Cli.Tests.Grid;

namespace Deconfliction.Cli.Tests.Invocation;

public sealed class CommandLineTests
{
    private static readonly string[] Valid =
    [
        "agency add met --name Met --role law-enforcement --contact desk --out met.pem",
        "agency add met --name Met --role INTERNATIONAL_BODY --contact desk --csr met.csr --out met.pem",
        "agency add met --name Met --role HOTLINE --contact desk --no-certificate --trust-domain met.example",
        "agency certify met --out met.pem",
        "agency certify met --csr met.csr --out met.pem --key-lost",
        "agency list --limit 5",
        "agency revoke met",
        "identity request --key a.key --csr a.csr --name met",
        "identity renew",
        "claim ip 198.18.0.1 --case OP-1",
        "claim ip 198.18.0.1 --case OP-1 --purpose p --contact c --legal-basis l --priority urgent --disclosure SILENT --handling TLP:AMBER+STRICT "
            + "--from 2026-01-01 --until 2026-01-02T03:04:05Z --tolerance 30 --port 443 --expires 30",
        "claim username @someone --case OP-1",
        "claim username --case OP-1 -- -someone",
        "check sha256 abc --case OP-1 --purpose p --from 2026-01-01 --until 2026-01-02 --tolerance 1 --port 1",
        "import file.tsv --case OP-1",
        "import file --format csv --ignore note --ignore other --retry-for 0 --purpose p --contact c --legal-basis l --priority LOW --disclosure OPEN "
            + "--handling H3 --expires 1",
        "claims list --case OP-1 --kind ip --state live --limit 10",
        "claims show cl-1",
        "claims update cl-1 --etag e --contact c --legal-basis l --priority HIGH --disclosure masked --handling tlp-red",
        "claims renew cl-1 --expires 3650 --etag e",
        "claims release cl-1 --etag e",
        "case release OP-1",
        "overlaps list --state new --case OP-1 --claim cl-1 --limit 1",
        "overlaps show ov-1",
        "overlaps ack ov-1",
        "overlaps resolve ov-1 --outcome duplicate-stopped",
        "overlaps request-contact --claim cl-1",
        "overlaps disclose ov-1",
        "alerts watch",
        "alerts watch --from 0 --ack --no-wait --retry-for 1",
        "audit list --agency met --case OP-1 --from 2026-01-01 --until 2026-02-01T00:00:00+01:00 --limit 1",
        "audit verify",
        "audit verify --server https://grid.example:7443 --identity a.pem --ca ca.pem --requested-by PC-1 --json --lang fr",
    ];

    public static TheoryData<string> ValidLines => new(Valid);

    [Theory]
    [MemberData(nameof(ValidLines))]
    public void Parse_ValidLine_HasNoError(string line)
    {

        var parsed = Tree().Parse(line.Split(' '), NoResponseFiles);

        Assert.Empty(parsed.Errors);
        Assert.NotNull(parsed.CommandResult.Command.Action);
    }

    [Fact]
    public void ValidLines_CoverEveryCommandAndOption()
    {
        var tree = Tree();
        var parsed = Valid.Select(line => tree.Parse(line.Split(' '), NoResponseFiles)).ToList();
        var reached = parsed.Select(result => result.CommandResult.Command).ToHashSet();
        var used = parsed.SelectMany(result => Options(result.CommandResult.Command).Where(option => result.GetResult(option) is { Implicit: false }))
            .Concat(tree.Options.Where(option => parsed.Exists(result => result.GetResult(option) is { Implicit: false })))
            .ToHashSet();

        Assert.All(Leaves(tree), command => Assert.Contains(command, reached));
        Assert.All(
            Leaves(tree).SelectMany(Options).Concat(tree.Options).Where(option => option.Name is not ("--help" or "--version")),
            option => Assert.Contains(option, used));
    }

    [Theory]
    [InlineData("", "Required command")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("claim ip", "VALUE")]
    [InlineData("claim ip 198.18.0.1", "--case")]
    [InlineData("claim ip 198.18.0.1 --case OP-1 --priority soon", "Give one of LOW, NORMAL, HIGH, URGENT")]
    [InlineData("claim ip 198.18.0.1 --case OP-1 --priority 3", "--priority '3' is unknown")]
    [InlineData("claim ip 198.18.0.1 --case OP-1 --handling UNSPECIFIED", "--handling 'UNSPECIFIED' is unknown")]
    [InlineData("claim ip 198.18.0.1 --case OP-1 --port 65536", "whole number from 1 to 65535")]
    [InlineData("claim ip 198.18.0.1 --case OP-1 --expires 0", "whole number from 1 to 3650")]
    [InlineData("claim ip 198.18.0.1 --case OP-1 --from yesterday --until 2026-01-01", "--from 'yesterday' is not a time")]
    [InlineData("claim ip 198.18.0.1 --case OP-1 --from 2026-01-01", "--from needs --until")]
    [InlineData("claim ip 198.18.0.1 --case OP-1 --until 2026-01-01", "--until needs --from")]
    [InlineData("claim ip 198.18.0.1 --case OP-1 --tolerance 5", "--tolerance needs")]
    [InlineData("check ip 198.18.0.1 --case OP-1", "--purpose")]
    [InlineData("claims update cl-1", "Name what to change")]
    [InlineData("overlaps request-contact", "Name either")]
    [InlineData("overlaps request-contact ov-1 --claim cl-1", "Name either")]
    [InlineData("overlaps resolve ov-1", "--outcome")]
    [InlineData("alerts watch --from -1", "--from")]
    [InlineData("agency add met --name Met --role police --contact desk --out met.pem", "Give one of LAW_ENFORCEMENT")]
    [InlineData("agency list --server http://localhost:7443", "Give https://HOST:PORT")]
    [InlineData("agency list --server localhost:7443", "Give https://HOST:PORT")]
    [InlineData("import file.tsv --case OP-1 --format xml", "Give tsv, csv or jsonl")]
    public async Task Run_WrongLine_SaysWhatIsWrongAndExitsWith2(string line, string told)
    {
        using var program = new Deconflict("https://localhost:1", identityPem: null);

        var outcome = await program.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(ExitStatus.WrongUse, outcome.Exit);
        Assert.Contains(told, outcome.Error, StringComparison.Ordinal);
        Assert.Contains("remedy:", outcome.Error, StringComparison.Ordinal);
        Assert.Empty(outcome.Output);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Run_RequestedByNobody_IsWrongUse_NotTheLoginName(string officer)
    {
        using var program = new Deconflict("https://localhost:1", identityPem: null);

        var outcome = await program.RunAsync("claim", "ip", "198.18.0.1", "--case", "OP-1", "--requested-by", officer);

        Assert.Equal(ExitStatus.WrongUse, outcome.Exit);
        Assert.Contains("--requested-by is empty", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WrongLineWithJson_WritesOneObjectToStandardError()
    {
        using var program = new Deconflict("https://localhost:1", identityPem: null);

        var outcome = await program.RunAsync("claim", "ip", "--json");

        Assert.Equal(ExitStatus.WrongUse, outcome.Exit);
        Assert.Empty(outcome.Output);
        var error = Assert.Single(outcome.JsonErrors);
        Assert.Equal("INVALID_ARGUMENT", error.GetProperty("error").GetString());
        Assert.Equal("COMMAND_LINE", error.GetProperty("reason").GetString());
        Assert.Equal(2, error.GetProperty("exit_status").GetInt32());
    }

    [Fact]
    public async Task Run_OverlongText_IsRefusedByItsBytes()
    {
        using var program = new Deconflict("https://localhost:1", identityPem: null);

        var outcome = await program.RunAsync("claim", "ip", "198.18.0.1", "--case", new string('é', 65));

        Assert.Equal(ExitStatus.WrongUse, outcome.Exit);
        Assert.Contains("--case has 130 bytes; at most 128 are allowed.", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_Help_ListsEveryCommandAndExitsWith0()
    {
        using var program = new Deconflict("https://localhost:1", identityPem: null);

        var outcome = await program.RunAsync("--help");

        Assert.Equal(ExitStatus.Done, outcome.Exit);
        Assert.All(
            ["agency", "identity", "claim", "check", "import", "claims", "case", "overlaps", "alerts", "audit"],
            command => Assert.Contains($"  {command} ", outcome.Output, StringComparison.Ordinal));
    }

    private static ParserConfiguration NoResponseFiles => new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    private static RootCommand Tree() => CommandTree.Build(new GlobalOptions(), new Surroundings { Output = TextWriter.Null, Error = TextWriter.Null });

    private static IEnumerable<Command> Leaves(Command command) =>
        command.Subcommands.Count == 0 ? [command] : command.Subcommands.SelectMany(Leaves);

    private static IEnumerable<Option> Options(Command command) => command.Options;
}
