using System.CommandLine;
using System.Text.RegularExpressions;
using Deconfliction.Cli.Invocation;
using Deconfliction.Cli.Tests.Grid;
using Deconfliction.Cli.Text;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Cli.Tests.Text;

/// <summary>With <c>--lang fr</c> headings, labels and the lines of alerts are French; what the grid and the agencies say stays as it is.</summary>
public sealed partial class FrenchOutputTests : GridTest
{
    private static readonly IReadOnlyDictionary<string, string> s_labels = Speech.LabelsOf("fr");

    // The same words in both languages.
    private static readonly string[] s_same = ["contact", "description", "etag", "intact", "note", "port", "position"];

    [Fact]
    public void Labels_AreOfEveryFieldAndOfNothingElse()
    {
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Deconfliction.Cli"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal)).Select(File.ReadAllText).ToList();
        var fields = files.SelectMany(source => Field().Matches(source)).Select(match => match.Groups["name"].Value).ToHashSet(StringComparer.Ordinal);
        Assert.True(fields.Count > 60, $"{fields.Count} fields were found only.");
        Assert.Equal("", string.Join(" ", fields.Where(field => !s_labels.ContainsKey(field))));
        Assert.Equal("", string.Join(" ", s_labels.Keys.Where(label => !fields.Contains(label))));
        Assert.All(s_labels, label => Assert.True(label.Value.Length > 0 && (label.Value != label.Key.Replace('_', ' ') || s_same.Contains(label.Key)), label.Key));
    }

    [Fact]
    public async Task Help_OfEveryCommand_HasNoEnglishHeading()
    {
        using var deconflict = new Deconflict("https://localhost:1", identityPem: null);
        var commands = Paths(CommandTree.Build(new GlobalOptions(), new Surroundings { Output = TextWriter.Null, Error = TextWriter.Null }), []).ToList();
        Assert.True(commands.Count > 20, $"{commands.Count} commands were found only.");
        foreach (var command in commands)
        {
            var (english, french) = (await deconflict.RunAsync([.. command, "--help"]), await deconflict.RunAsync([.. command, "--help", "--lang", "fr"]));
            Assert.Equal((ExitStatus.Done, ExitStatus.Done), (english.Exit, french.Exit));
            Assert.Contains("\nUsage:\n", english.Output, StringComparison.Ordinal);
            Assert.Contains("\nEmploi :\n", french.Output, StringComparison.Ordinal);
            string[] headings = ["Description:", "Usage:", "Arguments:", "Options:", "Commands:", "(REQUIRED)", "[default:", "[command]", "Show help", "Show version"];
            Assert.DoesNotContain(headings, heading => french.Output.Contains(heading, StringComparison.Ordinal));
            // A mark's own length moves no column.
            Assert.Equal(english.Output.Split('\n').Length, french.Output.Split('\n').Length);
        }
    }

    [Theory]
    [InlineData("claims list", "déclaration", "expire le", "expire time")]
    [InlineData("overlaps list", "recoupement", "autre contact", "other contact")]
    [InlineData("agency list", "service", "rôle", "create time")]
    [InlineData("claims show cl-1", "valeur soumise", "à renouveler dès", "renew time")]
    [InlineData("overlaps show ov-1", "vu par moi", "non", "acknowledged by me")]
    public async Task Output_ForAFrenchReader_HasFrenchLabels(string command, string label, string other, string english)
    {
        var words = command.Split(' ');
        var (inEnglish, french) = (await Program.RunAsync(words), await Program.RunAsync([.. words, "--lang", "fr"]));
        Assert.Equal((ExitStatus.Done, ExitStatus.Done), (inEnglish.Exit, french.Exit));
        Assert.Contains(label, french.Output, StringComparison.Ordinal);
        Assert.Contains(other, french.Output, StringComparison.Ordinal);
        Assert.Contains(english, inEnglish.Output, StringComparison.Ordinal);
        var englishLabels = s_labels.Where(one => one.Key.Contains('_', StringComparison.Ordinal)).Select(one => one.Key.Replace('_', ' '));
        Assert.DoesNotContain(englishLabels, one => french.Output.Contains(one, StringComparison.Ordinal));
        // What others wrote is not translated, and programs read the same in every language.
        Assert.Contains(command.StartsWith("agency", StringComparison.Ordinal) ? "An agency" : "198.18.0.1", french.Output, StringComparison.Ordinal);
        Assert.Equal((await Program.RunAsync([.. words, "--json"])).Output, (await Program.RunAsync([.. words, "--json", "--lang", "fr"])).Output);
    }

    [Fact]
    public async Task Alerts_ForAFrenchReader_AreFrenchLines()
    {
        Grid.State.Feed = _ => [Samples.Alert(1), OfACrowd(2), Hidden(3), Samples.Heartbeat(3)];
        var french = await Program.RunAsync("alerts", "watch", "--from", "1", "--no-wait", "--lang", "fr");
        Assert.Equal(
            [
                "1  2026-03-01T12:00:00Z  OVERLAP_FOUND ip 198.18.0.1 (déclaration cl-1, affaire OP-1): bka, à appeler : +49 611 55-0, affaire BK-7 ; recoupement ov-1",
                "2  2026-03-01T12:00:00Z  OVERLAP_FOUND ip 198.18.0.1 (déclaration cl-1, affaire OP-1): 20 services ou plus ; expire 2026-03-01T12:00:00Z",
                "3  2026-03-01T12:00:00Z  OVERLAP_FOUND ip 198.18.0.1 (déclaration cl-1, affaire OP-1): un service qui ne se montre pas ; recoupement ov-1",
            ],
            french.Output.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Alert_OfAContactRequest_NamesTheOverlapThatCanBeDisclosed()
    {
        Grid.State.Feed = _ => [AContactRequest(1), Samples.Heartbeat(1)];
        var told = await Program.RunAsync("alerts", "watch", "--from", "1", "--no-wait");
        Assert.Equal(
            "1  2026-03-01T12:00:00Z  CONTACT_REQUESTED ip 198.18.0.1 (claim cl-1, case OP-1): bka, contact night desk; overlap ov-1", told.Output.TrimEnd());
    }

    [Theory]
    [InlineData("claim ip", "Il manque l’argument « VALUE » à la commande « claim ».")]
    [InlineData("claims list --nothing", "Commande ou argument inconnu : « --nothing ».")]
    [InlineData("alerts watch --from x", "--from « x » n’est pas une position.")]
    public async Task WrongUse_InFrench_IsToldInFrench(string command, string expected)
    {
        var told = await Program.RunAsync([.. command.Split(' '), "--lang", "fr"]);
        Assert.Equal(ExitStatus.WrongUse, told.Exit);
        Assert.Contains(expected, told.Error, StringComparison.Ordinal);
    }

    private static StreamAlertsResponse OfACrowd(long position)
    {
        var alert = Samples.Alert(position);
        (alert.Alert.Overlap, alert.Alert.Crowd, alert.Alert.ExpireTime) = (null, new Crowd { AtLeast = 20 }, Samples.Time);
        return alert;
    }

    private static StreamAlertsResponse AContactRequest(long position)
    {
        var alert = Samples.Alert(position);
        (alert.Alert.AlertKind, alert.Alert.Counterpart) = (AlertKind.ContactRequested, new Counterpart { Agency = "bka", Contact = "night desk" });
        return alert;
    }

    private static StreamAlertsResponse Hidden(long position)
    {
        var alert = Samples.Alert(position);
        alert.Alert.Overlap.OtherAgency = "";
        return alert;
    }

    private static IEnumerable<string[]> Paths(Command command, string[] path) =>
        command.Subcommands.SelectMany(inner => Paths(inner, [.. path, inner.Name])).Prepend(path);

    [GeneratedRegex("\\.(Text|Number|Flag|Time|Part|List|Seconds)\\(\\s*\"(?<name>[a-z_]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Field();
}
