using System.Text.RegularExpressions;
using Deconfliction.Cli.Tests.Grid;
using Deconfliction.Cli.Text;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Cli.Tests.Text;

/// <summary>What readers read is in their language; what programs read is the same in all.</summary>
public sealed partial class SpeechTests
{
    // Not for readers.
    private static readonly string[] s_otherFiles = ["JsonLine.cs"];
    private static readonly string[] s_noSentences =
    [
        // Said with one of two bands, and each of those is a phrase.
        "Crowd, so overlaps are held back: {} agencies claim it.",
        "deconflict {}", "A column without a rule.", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];
    private static readonly IReadOnlyDictionary<string, string> s_english = Speech.PhrasesOf("en");
    private static readonly IReadOnlyDictionary<string, string> s_french = Speech.PhrasesOf("fr");

    [Fact]
    public void Phrases_InBothLanguages_AreTheSameWithTheSamePlaces()
    {
        Assert.Equal(s_english.Keys.Order(), s_french.Keys.Order());
        Assert.All(s_english, phrase =>
        {
            Assert.Equal(PlacesOf(phrase.Value), PlacesOf(s_french[phrase.Key]));
            Assert.NotEqual(phrase.Value, s_french[phrase.Key]);
        });
        Assert.Equal(s_english.Count, s_english.Values.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Sentences_OfTheSource_AreAmongThePhrases()
    {
        var phrases = s_english.Values.Select(static phrase => Place().Replace(phrase, "{}")).ToList();
        var files = Directory.GetFiles(Path.Combine(Repository.Root, "src", "Deconfliction.Cli"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/obj/", StringComparison.Ordinal) && !s_otherFiles.Contains(Path.GetFileName(file)));
        var sentences = files.SelectMany(file => SourceTexts.Of(File.ReadAllText(file))).Where(static text => Sentence().IsMatch(text)).Distinct().ToList();
        Assert.True(sentences.Count > 150, $"{sentences.Count} sentences were found only.");
        var missing = sentences.Where(text => !s_noSentences.Contains(text) && !phrases.Any(phrase => phrase.Contains(Trimmed(text), StringComparison.Ordinal))).ToList();
        Assert.True(missing.Count == 0, "Not in Text/Phrases.en.resx and .fr.resx:\n" + string.Join('\n', missing));
    }

    [Fact]
    public void Sentence_WithWhatDiffersInIt_IsSaidInFrenchWithTheSame()
    {
        Assert.All(s_english, phrase =>
        {
            var values = PlacesOf(phrase.Value).Select(place => $"<{place}>").ToArray<object>();
            Assert.Equal(Filled(s_french[phrase.Key], values), Speech.French.Of(Filled(phrase.Value, values)));
        });
        Assert.Equal("What a server says stays.", Speech.French.Of("What a server says stays."));
        Assert.Equal("Claim 1 accepted.", Speech.English.Of("Claim 1 accepted."));
    }

    [Theory]
    [InlineData("fr", "", "fr")]
    [InlineData("en", "fr_FR.UTF-8", "en")]
    [InlineData(null, "fr_FR.UTF-8", "fr")]
    [InlineData(null, "fr", "fr")]
    [InlineData(null, "C.UTF-8", "en")]
    [InlineData(null, "frr_DE.UTF-8", "en")]
    [InlineData(null, "", "en")]
    public void Language_IsTheOneNamedElseTheEnvironments(string? named, string environment, string expected)
    {
        Assert.Equal(expected, Speech.Of(named is null ? ["claims"] : ["claims", "--lang", named], name => name == "LANG" ? environment : null).Code);
        Assert.Equal(expected, Speech.Of(named is null ? ["claims"] : [$"--lang={named}"], name => name == "LC_ALL" ? environment : name == "LANG" ? "de_DE" : null).Code);
    }

    [Fact]
    public async Task Help_InFrench_IsFrenchAndLeavesNoSentenceOut()
    {
        using var deconflict = new Deconflict("https://localhost:1", identityPem: null);
        deconflict.Variables["LANG"] = "fr_FR.UTF-8";
        foreach (var command in (string[])["", "claim", "check", "import", "claims list", "claims update", "overlaps resolve", "alerts watch", "agency add", "audit list", "identity request"])
        {
            var help = await deconflict.RunAsync([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
            Assert.Equal(ExitStatus.Done, help.Exit);
            Assert.Contains("L’adresse de la grille.", Unwrapped(help.Output), StringComparison.Ordinal);
            Assert.DoesNotContain(s_english, phrase => phrase.Value.Length > 14 && !Place().IsMatch(phrase.Value) && Unwrapped(help.Output).Contains(phrase.Value, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Errors_InFrench_AreFrenchForReadersAndTheSameForPrograms()
    {
        using var deconflict = new Deconflict("https://localhost:1", identityPem: null);
        string[] wrong = ["claim", "ip", "192.0.2.7", "--expires", "0"];
        var english = await deconflict.RunAsync(wrong);
        var englishJson = await deconflict.RunAsync([.. wrong, "--json"]);
        deconflict.Variables["LANG"] = "fr_FR.UTF-8";
        var french = await deconflict.RunAsync(wrong);
        var frenchJson = await deconflict.RunAsync([.. wrong, "--json"]);

        Assert.Contains("error: ", english.Error, StringComparison.Ordinal);
        Assert.Contains("erreur: ", french.Error, StringComparison.Ordinal);
        Assert.Contains("n’est pas un nombre entier de 1 à", french.Error, StringComparison.Ordinal);
        Assert.Contains("L’option « --case » est requise.", french.Error, StringComparison.Ordinal);
        Assert.Contains("INVALID_ARGUMENT, COMMAND_LINE", french.Error, StringComparison.Ordinal);
        Assert.Equal(english.Exit, french.Exit);
        Assert.Equal((englishJson.Exit, englishJson.Output, englishJson.Error), (frenchJson.Exit, frenchJson.Output, frenchJson.Error));
    }

    private static IReadOnlyList<string> PlacesOf(string phrase) => [.. Place().Matches(phrase).Select(static match => match.Value).Order(StringComparer.Ordinal)];

    private static string Filled(string phrase, object[] values) =>
        Place().Replace(phrase, place => (string)values[place.Value[1] - '0']);

    private static string Trimmed(string text) => text.EndsWith("{}", StringComparison.Ordinal) ? text[..^2] : text;

    private static string Unwrapped(string help) => Spaces().Replace(help, " ");

    [GeneratedRegex(@"\{[0-9]\}", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Place();

    [GeneratedRegex(@"[A-Za-z]{3,}.* |.* [A-Za-z]{3,}", RegexOptions.Singleline, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Spaces();
}
