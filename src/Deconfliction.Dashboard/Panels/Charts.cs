using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Dashboard.Text;

namespace Deconfliction.Dashboard.Panels;

/// <summary>Charts of a grid's samples.</summary>
internal static class Charts
{
    private const double NanosecondsPerSecond = 1e9;
    private static readonly TimeSpan s_quarter = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan s_day = TimeSpan.FromHours(24);

    /// <summary>A chart of the last quarter of an hour.</summary>
    public static ChartBlock Quarter(GridView grid, string title, string unit, Func<double, string> format, params (string Name, Func<Sample, double?> Value)[] lines) =>
        Of(grid.Fine, grid.Now, s_quarter, Recorder.Period, title, unit, format, lines);

    /// <summary>The same of one node's samples, with one line.</summary>
    public static ChartBlock Quarter(
        IReadOnlyList<Sample> samples, DateTimeOffset now, string title, string unit, Func<double, string> format, string name, Func<Sample, double?> value) =>
        Of(samples, now, s_quarter, Recorder.Period, title, unit, format, [(name, value)]);

    /// <summary>A chart of the last day.</summary>
    public static ChartBlock Day(GridView grid, string title, string unit, Func<double, string> format, params (string Name, Func<Sample, double?> Value)[] lines) =>
        Of(grid.Coarse, grid.Now, s_day, SampleRing.CoarseLength, title, unit, format, lines);

    /// <summary>How often a series happens a second.</summary>
    public static Func<Sample, double?> Rate(string series) => sample => sample.CountOf(series) / sample.Length.TotalSeconds;

    /// <summary>A percentile of a series, in seconds.</summary>
    public static Func<Sample, double?> Seconds(string series, double share) => sample =>
        sample.Histograms.TryGetValue(series, out var part) ? part.Quantile(share) / NanosecondsPerSecond : null;

    /// <summary>The mean of a series that counts things.</summary>
    public static Func<Sample, double?> Mean(string series) => sample =>
        sample.Histograms.TryGetValue(series, out var part) && part.Count > 0 ? part.Sum / (double)part.Count : null;

    /// <summary>A gauge.</summary>
    public static Func<Sample, double?> Gauge(string series) => sample => sample.Gauges.TryGetValue(series, out var value) ? value : null;

    /// <summary>A percentile of the last quarter of an hour, in seconds, written out.</summary>
    public static string Written(Language words, HistogramSum sum, double share) =>
        sum.Quantile(share) is { } value ? words.Duration(value / NanosecondsPerSecond) : "–";

    /// <summary>The last minutes of a series, for a tile.</summary>
    public static IReadOnlyList<double?> Trend(GridView grid, Func<Sample, double?> value) => [.. grid.Fine.TakeLast(60).Select(value)];

    private static ChartBlock Of(
        IReadOnlyList<Sample> samples, DateTimeOffset now, TimeSpan length, TimeSpan step, string title, string unit, Func<double, string> format,
        (string Name, Func<Sample, double?> Value)[] lines)
    {
        var from = now - length;
        var shown = samples.Where(sample => sample.At >= from).ToList();
        return new ChartBlock(
            title, unit, from, now, [.. lines.Select(line => new Line(line.Name, Points(shown, line.Value, step)))], format);
    }

    // Where samples are missing (the process was stopped) the line has a gap.
    private static List<Point> Points(List<Sample> samples, Func<Sample, double?> value, TimeSpan step)
    {
        var points = new List<Point>(samples.Count);
        DateTimeOffset? last = null;
        foreach (var sample in samples)
        {
            if (last is { } before && sample.At - before > 3 * step)
            {
                points.Add(new Point(before + step, null));
            }

            points.Add(new Point(sample.At, value(sample)));
            last = sample.At;
        }

        return points;
    }
}
