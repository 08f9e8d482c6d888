using System.Text.Json;
using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;
using Record = Deconfliction.Cli.Screens.Record;

namespace Deconfliction.Cli.Tests.Screens;

public sealed class ScreenTests
{
    [Fact]
    public void JsonLine_AnyText_IsOneLineAndReadsBack()
    {
        const string Hostile = "a\nb\u001b[2J\u009b\u2028\"\\ é 漢 \u202E";

        var line = JsonLine.Of(new Record().Text("text", Hostile));

        Assert.DoesNotContain(line, char.IsControl);
        Assert.Equal(Hostile, JsonDocument.Parse(line).RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public void JsonLine_EveryType_IsWrittenAsSuch()
    {
        var record = new Record().Number("number", long.MaxValue).Flag("flag", true).Seconds("seconds", TimeSpan.FromMilliseconds(1_500))
            .Part("absent", null).Part("part", new Record().Text("a", "b")).List("list", [new Record().Number("n", 1)]).Time("no_time", null);

        Assert.Equal(
            """{"number":9223372036854775807,"flag":true,"seconds":1.5,"part":{"a":"b"},"list":[{"n":1}]}""",
            JsonLine.Of(record));
    }

    [Theory]
    [InlineData("\u001b[31mred", "\uFFFD[31mred")]
    [InlineData("a\u202Eb\u2066c\u200Fd", "a\uFFFDb\uFFFDc\uFFFDd")]
    [InlineData("line\r\nbreak\u2028", "line\uFFFD\uFFFDbreak\uFFFD")]
    [InlineData("Größe 漢字 +49", "Größe 漢字 +49")]
    public void Printable_TextOfOthers_CannotSteerATerminal(string text, string shown) => Assert.Equal(shown, Printable.Of(text));

    [Fact]
    public void Table_InAFile_IsNotCutAndHoldsNoEscapes()
    {
        using var output = new StringWriter();
        var screen = new Screen(output, TextWriter.Null, json: false, outputIsTerminal: false);
        var wide = new string('x', 300);

        screen.Table(["a", "other_case"], [new Record().Text("a", wide + "[red]\u001b[1m").Text("other_case", "1")]);

        Assert.Contains(wide + "[red]\uFFFD[1m", output.ToString(), StringComparison.Ordinal);
        Assert.Contains("other case", output.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TLP:AMBER+STRICT", Handling.TlpAmberStrict)]
    [InlineData("tlp-red", Handling.TlpRed)]
    [InlineData(" h0 ", Handling.H0)]
    public void EnumText_Spellings_AreRead(string text, Handling expected)
    {
        Assert.True(EnumText.TryParse<Handling>(text, out var value));
        Assert.Equal(expected, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("UNSPECIFIED")]
    [InlineData("1")]
    [InlineData("H4")]
    public void EnumText_WhatIsNoName_IsRefused(string text) => Assert.False(EnumText.TryParse<Handling>(text, out _));

    [Fact]
    public void EnumText_EveryValue_ReadsBack()
    {
        Assert.Equal("TLP_AMBER_STRICT", EnumText.Of(Handling.TlpAmberStrict));
        Assert.Equal("CLAIM_EXPIRING", EnumText.Of(AlertKind.ClaimExpiring));
        Assert.Equal("", EnumText.Of(Handling.Unspecified));
        Assert.All(Enum.GetValues<AlertKind>().Where(kind => kind != AlertKind.Unspecified), kind =>
        {
            Assert.True(EnumText.TryParse<AlertKind>(EnumText.Of(kind), out var read));
            Assert.Equal(kind, read);
        });
    }
}
