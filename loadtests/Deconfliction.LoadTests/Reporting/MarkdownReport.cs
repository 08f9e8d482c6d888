using System.Globalization;
using System.Text;
using Deconfliction.LoadTests.Measuring;

namespace Deconfliction.LoadTests.Reporting;

/// <summary>A report for readers.</summary>
internal static class MarkdownReport
{
    private const string Head =
        """
        | figure | store | median | rounds | unit | asked for | p50 / p95 / p99 / longest (ms) | CPU each: server / client / database (µs) | others' CPU | command |
        |---|---|---:|---:|---|---|---|---|---:|---|
        """;

    /// <summary>Writes it.</summary>
    public static string Write(Report report)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# {report.Title}: {report.At:yyyy-MM-dd HH:mm} UTC\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{report.Setting} on {report.Machine}.\n\n");
        text.Append(Head).Append('\n');
        foreach (var figure in report.Figures)
        {
            text.Append(Row(figure)).Append('\n');
        }

        text.Append('\n');
        foreach (var note in report.Notes)
        {
            text.Append("- ").Append(note).Append('\n');
        }

        return text.ToString();
    }

    private static string Row(Figure figure)
    {
        var value = figure.Value;
        var rounds = figure.Rounds.Count == 1 ? "1" : $"{Number(value.Least)} to {Number(value.Most)} ({figure.Rounds.Count})";
        var latency = figure.Latency is { } times
            ? $"{Number(times.P50)} / {Number(times.P95)} / {Number(times.P99)} / {Number(times.Longest)}" : "";
        return $"| {figure.Name} | {figure.Store} | **{Number(value.Median)}** | {rounds} | {figure.Unit} | {Asked(figure)} | {latency} | "
            + $"{Each(figure.Cpu)} | {Others(figure.Cpu)} | `{figure.Command}` |";
    }

    private static string Asked(Figure figure) => figure.Aim is { } aim
        ? $"{(aim.AtLeast ? "at least" : "at most")} {Number(aim.Limit)}: {(aim.IsMetBy(figure.Value.Median) ? "met" : "**missed**")}"
        : "";

    private static string Each(CpuCost? cpu) => cpu is { Items: > 0 and var items }
        ? $"{Number(cpu.Server * 1e6 / items)} / {Number(cpu.Client * 1e6 / items)} / {Number(cpu.Database * 1e6 / items)}"
        : "";

    private static string Others(CpuCost? cpu) =>
        cpu is { Elapsed: > 0 } ? string.Create(CultureInfo.InvariantCulture, $"{cpu.Others / cpu.Elapsed:P0}") : "";

    /// <summary>A number with as many digits as say something.</summary>
    public static string Number(double value) => value switch
    {
        >= 100 => value.ToString("N0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
