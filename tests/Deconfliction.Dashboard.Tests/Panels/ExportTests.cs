using System.Text.Json;
using Deconfliction.Dashboard.Panels;
using Deconfliction.Dashboard.Web;

namespace Deconfliction.Dashboard.Tests.Panels;

public sealed class ExportTests
{
    [Theory]
    [InlineData("=1+1", "'=1+1")]
    [InlineData("-2", "'-2")]
    [InlineData("@x", "'@x")]
    [InlineData("a,\"b\"\n", "\"a,\"\"b\"\"\n\"")]
    [InlineData("plain", "plain")]
    public void Csv_OfATextThatASpreadsheetWouldRun_IsHarmless(string text, string written)
    {
        var csv = PanelExport.Csv(Of(new Cell(text)));
        Assert.Equal($"column\r\n{written}\r\n", csv);
    }

    [Fact]
    public void Csv_OfANegativeNumber_StaysANumber() => Assert.Equal("column\r\n-2.5\r\n", PanelExport.Csv(Of(new Cell("minus") { Number = -2.5 })));

    [Fact]
    public void Json_OfTimesAndNumbers_KeepsThem()
    {
        var at = new DateTimeOffset(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
        var rows = JsonDocument.Parse(PanelExport.Json("x", Of(new Cell("noon") { Time = at }))).RootElement.GetProperty("tables")[0].GetProperty("rows");
        Assert.Equal(at, rows[0].GetProperty("column").GetDateTimeOffset());
    }

    private static PanelContent Of(Cell cell) => new(DateTimeOffset.UnixEpoch, [new TableBlock([new Column("column")], [[cell]], "")]);
}
