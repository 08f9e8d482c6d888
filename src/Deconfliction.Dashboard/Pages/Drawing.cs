using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Deconfliction.Dashboard.Panels;
using Deconfliction.Dashboard.Text;
using Microsoft.AspNetCore.Components;

namespace Deconfliction.Dashboard.Pages;

/// <summary>Lines as SVG paths, and the values under them for the script that shows them on hover.</summary>
internal static class Drawing
{
    private const double Width = 1000;

    /// <summary>A number as SVG reads it.</summary>
    public static string Written(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>A label of an axis: Razor has another use for the element's name.</summary>
    public static MarkupString Label(string x, double y, string kind, string text) =>
        new($"<text class=\"tick {kind}\" x=\"{x}\" y=\"{Written(y)}\">{HtmlEncoder.Default.Encode(text)}</text>");

    /// <summary>The points that no line goes through, such as the first of a day: each a path of no length, for a dot.</summary>
    public static string Dots(IReadOnlyList<Point> points, ChartBlock chart, Axis axis)
    {
        var path = new StringBuilder();
        for (var i = 0; i < points.Count; i++)
        {
            if (points[i].Value is { } value && !HasValue(i - 1) && !HasValue(i + 1))
            {
                path.Append('M').Append(Written(Share(points[i].At, chart) * Width)).Append(' ').Append(Written(axis.Y(value))).Append("h0");
            }
        }

        return path.ToString();

        bool HasValue(int index) => index >= 0 && index < points.Count && points[index].Value is not null;
    }

    /// <summary>The path of a line.</summary>
    public static string Path(IReadOnlyList<Point> points, ChartBlock chart, Axis axis)
    {
        var path = new StringBuilder();
        var isDrawing = false;
        foreach (var point in points)
        {
            if (point.Value is not { } value)
            {
                isDrawing = false;
                continue;
            }

            path.Append(isDrawing ? 'L' : 'M').Append(Written(Share(point.At, chart) * Width)).Append(' ').Append(Written(axis.Y(value)));
            isDrawing = true;
        }

        return path.ToString();
    }

    /// <summary>A small line without axes, 100 by 24.</summary>
    public static string Trend(IReadOnlyList<double?> values)
    {
        var most = Math.Max(values.Max() ?? 0, 1e-9);
        var path = new StringBuilder();
        var isDrawing = false;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is { } value)
            {
                path.Append(isDrawing ? 'L' : 'M').Append(Written(100.0 * i / (values.Count - 1))).Append(' ').Append(Written(22 - (20 * value / most)));
            }

            isDrawing = values[i] is not null;
        }

        return path.ToString();
    }

    /// <summary>Each line's points: time in ms, place from 0 to 1 and from the top, and the value written out.</summary>
    public static string Data(ChartBlock chart, Axis axis, Language words) => JsonSerializer.Serialize(new
    {
        lines = chart.Lines.Select(line => new
        {
            name = line.Name,
            points = line.Points.Where(point => point.Value is not null).Select(point => new object[]
            {
                Math.Round(Share(point.At, chart), 4), Math.Round(axis.Y(point.Value!.Value), 1), words.Clock(point.At), chart.Format(point.Value!.Value),
            }),
        }),
    });

    private static double Share(DateTimeOffset at, ChartBlock chart) => (at - chart.From) / (chart.Until - chart.From);
}
