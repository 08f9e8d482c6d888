using System.Globalization;
using System.Text;
using System.Text.Json;
using Deconfliction.Dashboard.Panels;

namespace Deconfliction.Dashboard.Web;

/// <summary>A panel as CSV (RFC 4180) or JSON: what it shows and nothing more. Times in ISO 8601, numbers with a point, seconds and bytes.</summary>
internal static class PanelExport
{
    /// <summary>All the panel's parts, each as a table.</summary>
    public static IEnumerable<(string Name, IReadOnlyList<string> Columns, IEnumerable<IReadOnlyList<object?>> Rows)> Tables(PanelContent content)
    {
        foreach (var block in content.Blocks)
        {
            switch (block)
            {
                case VerdictBlock verdict:
                    yield return ("verdict", ["state", "sentence", "cause", "remedy"], [[verdict.Tone.ToString(), verdict.Sentence, verdict.Cause, verdict.Remedy]]);
                    break;
                case TilesBlock tiles:
                    yield return ("figures", ["figure", "value", "note"], tiles.Tiles.Select(tile => (IReadOnlyList<object?>)[tile.Label, tile.Value, tile.Note]));
                    break;
                case TableBlock table:
                    yield return (table.Caption, [.. table.Columns.Select(column => column.Title)], table.Rows.Select(row => (IReadOnlyList<object?>)[.. row.Select(Value)]));
                    break;
                case ChartBlock chart:
                    yield return (chart.Title, ["time", "line", "value"], chart.Lines.SelectMany(line => line.Points.Select(point =>
                        (IReadOnlyList<object?>)[Iso(point.At), line.Name, point.Value])));
                    break;
            }
        }
    }

    /// <summary>As CSV: a table after another, an empty line between.</summary>
    public static string Csv(PanelContent content)
    {
        var text = new StringBuilder();
        foreach (var (_, columns, rows) in Tables(content))
        {
            text.Append(text.Length > 0 ? "\r\n" : "").AppendJoin(',', columns.Select(Quoted)).Append("\r\n");
            foreach (var row in rows)
            {
                text.AppendJoin(',', row.Select(Quoted)).Append("\r\n");
            }
        }

        return text.ToString();
    }

    /// <summary>As JSON.</summary>
    public static string Json(string panel, PanelContent content) => JsonSerializer.Serialize(new
    {
        panel,
        asOf = Iso(content.AsOf),
        problem = content.Problem,
        tables = Tables(content).Select(table => new
        {
            name = table.Name,
            rows = table.Rows.Select(row => table.Columns.Zip(row).GroupBy(cell => cell.First).ToDictionary(cell => cell.Key, cell => cell.First().Second, StringComparer.Ordinal)),
        }),
    });

    private static object? Value(Cell cell) => cell.Time is { } time ? Iso(time) : cell.Number ?? (object?)(cell.Share is { } share ? Math.Round(share, 4) : cell.Text);

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);

    private static string Quoted(object? value)
    {
        var text = value switch
        {
            null => "",
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            IFormattable other => other.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        // A spreadsheet would run what begins like a formula.
        if (value is string && text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
        {
            text = "'" + text;
        }

        return text.AsSpan().IndexOfAny(",\"\r\n") >= 0 ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
