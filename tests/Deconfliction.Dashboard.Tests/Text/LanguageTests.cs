using System.Text.RegularExpressions;
using Deconfliction.Dashboard.Text;

namespace Deconfliction.Dashboard.Tests.Text;

public sealed partial class LanguageTests
{
    [Fact]
    public void Words_OfBothLanguages_HaveTheSameKeysAndPlaces()
    {
        var (english, french) = (Language.English.Words, Language.French.Words);
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), french.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, word => Assert.Equal(Places(word.Value), Places(french[word.Key])));
    }

    [Theory]
    [InlineData(null, "fr-CH, fr;q=0.9, en;q=0.8", "fr")]
    [InlineData(null, "de, en-GB;q=0.8", "en")]
    [InlineData(null, "de", "en")]
    [InlineData("fr", "en", "fr")]
    [InlineData("xx", null, "en")]
    public void Of_ARequest_IsTheChosenElseTheBrowsersElseEnglish(string? chosen, string? accept, string code) =>
        Assert.Equal(code, Language.Of(chosen, accept).Code);

    [Fact]
    public void Numbers_InFrench_AreWrittenAsInFrench()
    {
        Assert.Equal("12\u202F345", Language.French.Count(12_345));
        Assert.Equal("1,50 s", Language.French.Duration(1.5));
        Assert.Equal("1.50 s", Language.English.Duration(1.5));
        Assert.Equal("250 µs", Language.English.Duration(0.00025));
    }

    private static IEnumerable<string> Places(string text) => Place().Matches(text).Select(place => place.Value).Distinct().Order(StringComparer.Ordinal);

    [GeneratedRegex(@"\{\d", RegexOptions.None, matchTimeoutMilliseconds: 60_000)]
    private static partial Regex Place();
}
