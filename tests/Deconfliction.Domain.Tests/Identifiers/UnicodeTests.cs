using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Identifiers.Encodings;
using Deconfliction.Domain.Identifiers.Unicode;

namespace Deconfliction.Domain.Tests.Identifiers;

/// <summary>What the process's own tables must do, because the platform does not without ICU.</summary>
public class UnicodeTests
{
    /// <summary>UAX #15: order, blocking, exclusions, singletons, Hangul.</summary>
    [Theory]
    [InlineData("e\u0301", "\u00E9")]
    [InlineData("a\u0315\u0300", "\u00E0\u0315")]
    [InlineData("e\u0305\u0301", "e\u0305\u0301")]
    [InlineData("e\u0323\u0301", "\u1EB9\u0301")]
    [InlineData("D\u0307\u0323", "\u1E0C\u0307")]
    [InlineData("\u1E0A\u0323", "\u1E0C\u0307")]
    [InlineData("s\u0323\u0307", "\u1E69")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u2126", "\u03A9")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\uFB1D", "\u05D9\u05B4")]
    [InlineData("\u2ADC", "\u2ADD\u0338")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("\u1100\u1161", "\uAC00")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\uAC01\u11A8", "\uAC01\u11A8")]
    [InlineData("\u1100\u0301\u1161", "\u1100\u0301\u1161")]
    [InlineData("\u0B47\u0300\u0B3E", "\u0B47\u0300\u0B3E")]
    [InlineData("\u0B47\u0B3E", "\u0B4B")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("ﬁ", "ﬁ")]
    public void ToNfc_PublishedCases_ComposesCanonically(string text, string expected) => Assert.Equal(expected, Normalisation.ToNfc(text));

    /// <summary>RFC 3492, section 7.1, samples A, B, I and L.</summary>
    [Theory]
    [InlineData("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn")]
    [InlineData("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye")]
    [InlineData("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l")]
    [InlineData("3年b組金八先生", "3b-ww4c5e180e575a65lsy2b")]
    public void Encode_PublishedCases_IsReadBack(string text, string punycode)
    {
        Assert.Equal(punycode, Punycode.Encode(CodePoints.From(text)));
        Assert.Equal(text, CodePoints.ToText(Punycode.Decode(punycode)!));
    }

    [Fact]
    public void Sha3256_PublishedCase_MatchesFips202() => Assert.Equal(
        "a7ffc6f8bf1ed76651c14756a061d662f580ff4de43b49fa82d80a4b80f8434a", Convert.ToHexStringLower(Keccak.Sha3256([])));

    [Fact]
    public void Keccak256_PublishedCase_MatchesEthereum() => Assert.Equal(
        "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470", Convert.ToHexStringLower(Keccak.Keccak256([])));

    [Fact]
    public void Keccak256_BlockEdges_AbsorbEveryByte() => Assert.Equal(
        5, new[] { 134, 135, 136, 137, 272 }.Select(length => Convert.ToHexString(Keccak.Keccak256(new byte[length]))).Distinct(StringComparer.Ordinal).Count());

    [Fact]
    public void Quote_TextThatWouldMislead_ShowsItsCodes()
    {
        Assert.Equal("`aU+202Eb`", Excerpt.Quote("a\u202Eb"));
        Assert.Equal("`aU+D800`", Excerpt.Quote("a\uD800"));
        Assert.EndsWith("…`", Excerpt.Quote(new string('a', 500)), StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_InsideAPair_LeavesNoHalf() => Assert.Equal("a…", Excerpt.Cut("a\U0001F600\U0001F600", 3));

    [Fact]
    public void Platforms_EveryName_IsInTheDocumentThatRefusalsName()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Deconfliction.sln")))
        {
            folder = folder.Parent;
        }

        var document = File.ReadAllText(Path.Combine(folder!.FullName, "docs", "identifiers.md"));
        Assert.All(PlatformTable.All, platform => Assert.Contains($"| `{platform.Name}` |", document, StringComparison.Ordinal));
    }
}
