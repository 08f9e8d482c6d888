using System.Text;
using Deconfliction.Cli.Import;
using Deconfliction.Cli.Invocation;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Tests.Import;

public sealed class ImportFileTests
{
    [Fact]
    public void Tsv_AllColumns_MakeAClaim()
    {
        var (items, rejections) = Read(
            FileFormat.Tsv,
            "kind\tvalue\tcase\tcontact\tpurpose\tlegal_basis\tpriority\tdisclosure\thandling\tfrom\tuntil\ttolerance\tport\texpires\n"
            + "ip\t198.18.0.1\tOP-2\tc\tp\tl\turgent\tSILENT\tTLP:RED\t2026-01-01\t2026-01-02T00:00:00+01:00\t60\t443\t30\n");

        Assert.Empty(rejections);
        var item = Assert.Single(items);
        Assert.Equal((1L, 2L), (item.Position, item.Line));
        Assert.True(Guid.TryParseExact(item.RequestId, "D", out _));
        var claim = item.Claim;
        Assert.Equal(("ip", "198.18.0.1", "OP-2"), (claim.Identifier.Kind, claim.Identifier.Value, claim.CaseReference));
        Assert.Equal(("c", "p", "l"), (claim.Contact, claim.Purpose, claim.LegalBasis));
        Assert.Equal((Priority.Urgent, Disclosure.Silent, Handling.TlpRed), (claim.Priority, claim.Disclosure, claim.Handling));
        Assert.Equal(new DateTime(2026, 1, 1, 23, 0, 0), claim.Window.Until.ToDateTime());
        Assert.Equal((60L, 443u, 30L * 86_400), (claim.Window.Tolerance.Seconds, claim.Port, claim.Lifetime.Seconds));
    }

    [Fact]
    public void EmptyColumns_AreFilledFromTheCommandLine()
    {
        var template = new ClaimInput { CaseReference = "OP-1", Contact = "desk", Priority = Priority.Low, Disclosure = Disclosure.Open };

        var (items, rejections) = Read(FileFormat.Csv, "kind,value,contact,disclosure\nip,198.18.0.1,,\nip,198.18.0.2,me,MASKED\n", template);

        Assert.Empty(rejections);
        Assert.Equal(("OP-1", "desk", Disclosure.Open, Priority.Low), Key(items[0].Claim));
        Assert.Equal(("OP-1", "me", Disclosure.Masked, Priority.Low), Key(items[1].Claim));

        static (string, string, Disclosure, Priority) Key(ClaimInput claim) => (claim.CaseReference, claim.Contact, claim.Disclosure, claim.Priority);
    }

    [Theory]
    [InlineData("kind,value\nurl,\"a,b\"\n", "a,b")]
    [InlineData("kind,value\nurl,\"say \"\"hi\"\"\"\n", "say \"hi\"")]
    [InlineData("\"kind\",\"value\"\r\nurl,\"two\nlines\"\r\n", "two\nlines")]
    [InlineData("\uFEFFkind,value\nurl,x", "x")]
    [InlineData("value,Kind\nx,url", "x")]
    [InlineData("kind,value,note\nurl,x,\"any,thing\"", "x")]
    public void Csv_OfRfc4180_IsRead(string text, string value)
    {
        var (items, rejections) = Read(FileFormat.Csv, text, ignored: ["note"]);

        Assert.Empty(rejections);
        Assert.Equal(("url", value), (Assert.Single(items).Claim.Identifier.Kind, items[0].Claim.Identifier.Value));
    }

    [Theory]
    [InlineData(FileFormat.Csv, "kind,value\nurl,a\"b\nurl,ok", 2, "", "OPEN_QUOTE")]
    [InlineData(FileFormat.Csv, "kind,value\nurl,a\"b\"\nurl,ok", 2, "", "MALFORMED_LINE")]
    [InlineData(FileFormat.Csv, "kind,value\nurl,\"a\"b\nurl,ok", 2, "", "MALFORMED_LINE")]
    [InlineData(FileFormat.Csv, "kind,value\nurl\nurl,ok", 2, "", "WRONG_FIELD_COUNT")]
    [InlineData(FileFormat.Tsv, "kind\tvalue\nurl\ta\tb\nurl\tok", 2, "", "WRONG_FIELD_COUNT")]
    [InlineData(FileFormat.Tsv, "kind\tvalue\tpriority\nurl\tx\tsoon\nurl\tok\t", 2, "priority", "UNKNOWN_VALUE")]
    [InlineData(FileFormat.Tsv, "kind\tvalue\tport\nurl\tx\t-1\nurl\tok\t", 2, "port", "NOT_A_NUMBER")]
    [InlineData(FileFormat.Tsv, "kind\tvalue\tfrom\tuntil\nurl\tx\t1/2/2026\t2026-01-01\nurl\tok\t\t", 2, "from", "NOT_A_TIME")]
    [InlineData(FileFormat.Tsv, "kind\tvalue\tfrom\tuntil\nurl\tx\t2026-01-01\t\nurl\tok\t\t", 2, "until", "WINDOW_HALF")]
    [InlineData(FileFormat.Jsonl, "{\"kind\":\"url\",\"value\":[]}\n{\"kind\":\"url\",\"value\":\"ok\"}", 1, "value", "NOT_A_TEXT")]
    [InlineData(FileFormat.Jsonl, "[1]\n{\"kind\":\"url\",\"value\":\"ok\"}", 1, "", "NOT_AN_OBJECT")]
    [InlineData(FileFormat.Jsonl, "{\"kind\":\n{\"kind\":\"url\",\"value\":\"ok\"}", 1, "", "MALFORMED_JSON")]
    [InlineData(FileFormat.Jsonl, "{\"kind\":\"url\",\"value\":\"x\"} x\n{\"kind\":\"url\",\"value\":\"ok\"}", 1, "", "MALFORMED_JSON")]
    [InlineData(FileFormat.Jsonl, "{\"kind\":\"url\",\"value\":\"\\ud800\"}\n{\"kind\":\"url\",\"value\":\"ok\"}", 1, "", "MALFORMED_JSON")]
    [InlineData(FileFormat.Jsonl, "{\"kind\":\"url\",\"walue\":\"x\"}\n{\"kind\":\"url\",\"value\":\"ok\"}", 1, "walue", "UNKNOWN_COLUMN")]
    [InlineData(FileFormat.Jsonl, "{\"kind\":\"url\",\"kind\":\"ip\"}\n{\"kind\":\"url\",\"value\":\"ok\"}", 1, "kind", "DOUBLED_COLUMN")]
    public void BadLine_IsRejectedByNumberAndField_AndHarmsNoOther(object format, string text, long line, string field, string reason)
    {
        var (items, rejections) = Read((FileFormat)format, text);

        Assert.Equal((line, field, reason), (Assert.Single(rejections).Line, rejections[0].Field, rejections[0].Reason));
        Assert.NotEmpty(rejections[0].Remedy);
        Assert.Equal("ok", Assert.Single(items).Claim.Identifier.Value);
    }

    [Theory]
    [InlineData(FileFormat.Tsv, "kind\tvalue\n", "url\t", "")]
    [InlineData(FileFormat.Csv, "kind,value\n", "url,\"", "\"")]
    [InlineData(FileFormat.Jsonl, "", "{\"kind\":\"url\",\"value\":\"", "\"}")]
    public void BadUtf8_RejectsItsLineOnly(object format, string header, string before, string after)
    {
        byte[] bytes =
        [
            .. Encoding.UTF8.GetBytes(header + before), 0xC3, 0x28, .. Encoding.UTF8.GetBytes(after + "\n"),
            .. Encoding.UTF8.GetBytes(before + "öк" + after),
        ];

        var (items, rejections) = Read((FileFormat)format, bytes);

        var line = header.Length == 0 ? 1 : 2;
        Assert.Equal((line, "BAD_UTF8"), (Assert.Single(rejections).Line, rejections[0].Reason));
        Assert.Contains('\uFFFD', rejections[0].Value);
        Assert.Equal(("öк", (long)line + 1), (Assert.Single(items).Claim.Identifier.Value, items[0].Line));
    }

    [Fact]
    public void Jsonl_Numbers_KeepTheirDigits_AndNullIsAbsent()
    {
        var (items, rejections) = Read(FileFormat.Jsonl, """{"kind":"account","value":9223372036854775807123,"contact":null,"port":80}""");

        Assert.Empty(rejections);
        Assert.Equal(("9223372036854775807123", 80u), (Assert.Single(items).Claim.Identifier.Value, items[0].Claim.Port));
    }

    [Theory]
    [InlineData("", "BAD_HEADER", "", "The file is empty.", "Start the file with a line")]
    [InlineData("kind\tcase\n", "BAD_HEADER", "value", "The file's header is wrong: The column 'value' is missing.", "Start the file with a line")]
    [InlineData("kind\tvalue\tvalue\n", "BAD_HEADER", "value", "The file's header is wrong: The column 'value' stands there twice.", "Start the file")]
    [InlineData("kind\tvalue\tdisclosrue\n", "UNKNOWN_COLUMN", "disclosrue", "The column 'disclosrue' is unknown.", "--ignore \"disclosrue\"")]
    [InlineData("ip\t198.18.0.1\n", "BAD_HEADER", "", "The first line names none of the columns. Is it data, with no header before it?", "Start the file with a line")]
    public void BadHeader_IsWrongUse(string text, string reason, string field, string description, string remedy)
    {
        var problem = Assert.Throws<WrongUseException>(() => Read(FileFormat.Tsv, text)).Problem;

        Assert.Equal((reason, field, description), (problem.Reason, problem.Field, problem.Description));
        Assert.Contains(remedy, problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void NoCase_IsWrongUse_UnlessAColumnNamesOne()
    {
        var none = new ClaimInput();

        var refused = Assert.Throws<WrongUseException>(() => Read(FileFormat.Tsv, "kind\tvalue\n", none)).Problem;
        Assert.Equal(("CASE_MISSING", "case"), (refused.Reason, refused.Field));
        var (items, rejections) = Read(FileFormat.Tsv, "kind\tvalue\tcase\nip\t198.18.0.1\tOP-9\nip\t198.18.0.2\t\n", none);
        Assert.Equal("OP-9", Assert.Single(items).Claim.CaseReference);
        Assert.Equal((3L, "case", "CASE_MISSING"), (Assert.Single(rejections).Line, rejections[0].Field, rejections[0].Reason));
    }

    [Theory]
    [InlineData(FileFormat.Csv, "kind;value\nip;198.18.0.1\n", "separated by semicolons", "commas or tabs")]
    [InlineData(FileFormat.Tsv, "\"kind\";\"value\"\n", "separated by semicolons", "commas or tabs")]
    [InlineData(FileFormat.Tsv, "kind,value\nip,198.18.0.1\n", "separated by commas", "--format csv")]
    [InlineData(FileFormat.Csv, "kind\tvalue\nip\t198.18.0.1\n", "separated by tabs", "--format tsv")]
    [InlineData(FileFormat.Csv, "ip,198.18.0.1\n", "no header before it", "names its columns")]
    public void Header_SeparatedOtherwise_IsToldSo(object format, string text, string told, string remedy)
    {
        var refused = Assert.Throws<WrongUseException>(() => Read((FileFormat)format, text));

        Assert.Equal("BAD_HEADER", refused.Problem.Reason);
        Assert.Contains(told, refused.Problem.Description, StringComparison.Ordinal);
        Assert.Contains(remedy, refused.Problem.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Json_Malformed_NamesItsPlaceInTheLineAndNoLineOfItsOwn()
    {
        var rejection = Assert.Single(Read(FileFormat.Jsonl, "\n\n{\"kind\": nothing}\n").Rejections);

        Assert.Equal(3, rejection.Line);
        Assert.StartsWith("The line is not JSON, from byte 11 on: 'nothing}' is an invalid JSON literal.", rejection.Description, StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", rejection.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claim.identifier.value", "value")]
    [InlineData("identifier.kind", "kind")]
    [InlineData("claim.case_reference", "case")]
    [InlineData("claim.lifetime", "expires")]
    [InlineData("claim.window.until", "until")]
    [InlineData("requested_by", "requested_by")]
    [InlineData("", "")]
    public void ProtocolField_IsToldAsItsColumn(string path, string column) => Assert.Equal(column, ColumnNames.OfField(path));

    private static (List<ImportItem> Items, List<Rejection> Rejections) Read(
        FileFormat format, string text, ClaimInput? template = null, string[]? ignored = null) => Read(format, Encoding.UTF8.GetBytes(text), template, ignored);

    private static (List<ImportItem> Items, List<Rejection> Rejections) Read(
        FileFormat format, byte[] bytes, ClaimInput? template = null, string[]? ignored = null)
    {
        using var stream = new MemoryStream(bytes);
        FileStart.Pass(stream);
        using var file = ImportFile.Open(stream, format, template ?? new ClaimInput { CaseReference = "OP-1" }, ignored ?? []);
        var rejections = new List<Rejection>();
        return (file.Items(rejections.Add).ToList(), rejections);
    }
}
