using System.Globalization;
using System.Text;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Reporting;

namespace Deconfliction.LoadTests.Rows.Results;

/// <summary>Results for readers.</summary>
internal static class RowMarkdown
{
    /// <summary>The whole report.</summary>
    public static string Write(RunResult run)
    {
        var text = new StringBuilder();
        var (first, last) = (run.Rows.Min(static row => row.At), run.Rows.Max(static row => row.At));
        text.Append(CultureInfo.InvariantCulture, $"# The grid against what a user would pick instead: rows begun from {first:yyyy-MM-dd HH:mm} to {last:HH:mm} UTC\n\n");
        text.Append(CultureInfo.InvariantCulture, $"Server, database, peers and load generator together on {run.Setting}\n\n");
        text.Append(Table(run)).Append('\n');
        text.Append("## The sides\nIn the rounds, in turn. Best number of callers: of those tried, or the fixed rate that the row asks for.\n\n");
        text.Append("| row | side | callers | tried | median | least to most | unit | p50 / p95 / p99 / longest (ms) | CPU each: server / client / database (µs) | others' CPU, all rounds |\n");
        text.Append("|---|---|---:|---|---:|---|---|---|---|---:|\n");
        foreach (var (row, side) in run.Rows.SelectMany(static row => row.Sides.Select(side => (row, side))))
        {
            text.Append(SideRow(row, side)).Append('\n');
        }

        Lines(text, "How each side is tuned", run.Rows.SelectMany(static row => row.Sides).Select(static side => side.Tuning));
        Lines(text, "To know", run.Rows.SelectMany(static row => row.Notes));
        text.Append("\n## When\n| row | began (UTC) | commit | rounds | fdatasync of 8 kB, a second | a read among 8 MB, ns | load average before |\n|---|---|---|---|---:|---:|---:|\n");
        foreach (var row in run.Rows)
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Row} | {row.At:HH:mm} | {row.Commit} | {row.Rounds} | {row.SyncsPerSecond:N0} | {row.CacheReadNanoseconds:N0} | {row.LoadBefore} |\n");
        }

        Lines(text, "Measured with other settings than above", run.Rows.Where(row => row.Setting.Length > 0 && row.Setting != run.Setting)
            .Select(static row => $"{row.Row}: {row.Setting}"));
        return text.ToString();
    }

    /// <summary>What stands below the table where it is shown without the rest: when and on what it was measured, and where the rest is.</summary>
    public static string Origin(RunResult run, string path)
    {
        var (first, last) = (run.Rows.Min(static row => row.At), run.Rows.Max(static row => row.At));
        var commits = string.Join(", ", run.Rows.GroupBy(static row => row.Commit).OrderByDescending(static one => one.Count())
            .Select(static (one, index) => index == 0 ? one.Key : $"{string.Join(", ", one.Select(static row => row.Row))}: {one.Key}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"\nRows begun from {first:yyyy-MM-dd HH:mm} to {last:HH:mm} UTC at commit {commits}, on {run.Machine}. All sides, settings and rounds: [{path}]({path}).\n");
    }

    /// <summary>The table of figures.</summary>
    public static string Table(RunResult run)
    {
        var text = new StringBuilder();
        text.Append("| figure | at least | aim | median | least to most of the rounds | verdict | command |\n|---|---:|---:|---:|---|---|---|\n");
        foreach (var row in run.Rows.Where(static row => row.LeftOut is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"| {row.Row}: not measured. {row.LeftOut} |  |  |  |  | left out | `loadtests/run --only {row.Row}` |\n");
        }

        foreach (var (row, figure) in run.Rows.SelectMany(static row => row.Figures.Select(figure => (row, figure))))
        {
            var value = figure.Value;
            var (least, aim, verdict) = figure.Target is { } target
                ? (With(target.AtLeast, figure.Unit), With(target.Aim, figure.Unit), VerdictOf(target.Judge(value.Median))) : ("", "", "");
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {figure.What} | {least} | {aim} | **{With(value.Median, figure.Unit)}** | {MarkdownReport.Number(value.Least)} to {MarkdownReport.Number(value.Most)} ({figure.Rounds.Count}) | {verdict} | `loadtests/run --only {row.Row}` |\n");
        }

        return text.ToString();
    }

    private static string SideRow(RowResult row, SideResult side)
    {
        var value = Spread.Of(side.Rounds);
        var latency = side.Latency is { } times ? $"{MarkdownReport.Number(times.P50)} / {MarkdownReport.Number(times.P95)} / {MarkdownReport.Number(times.P99)} / {MarkdownReport.Number(times.Longest)}" : "";
        var each = side.Cpu is { Items: > 0 and var items } cpu
            ? $"{MarkdownReport.Number(cpu.Server * 1e6 / items)} / {MarkdownReport.Number(cpu.Client * 1e6 / items)} / {MarkdownReport.Number(cpu.Database * 1e6 / items)}" : "";
        var others = side.Cpu is { Elapsed: > 0 } spent ? string.Create(CultureInfo.InvariantCulture, $"{spent.Others / spent.Elapsed:P0}") : "";
        return $"| {row.Row} | {side.Name} | {side.Callers} | {side.Tried} | **{MarkdownReport.Number(value.Median)}** | {MarkdownReport.Number(value.Least)} to {MarkdownReport.Number(value.Most)} ({side.Rounds.Count}) | {side.Unit} | {latency} | {each} | {others} |";
    }

    private static void Lines(StringBuilder text, string title, IEnumerable<string> lines)
    {
        string[] once = [.. lines.Where(static line => line.Length > 0).Distinct(StringComparer.Ordinal)];
        if (once.Length == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n");
        foreach (var line in once)
        {
            text.Append("- ").Append(char.ToUpperInvariant(line[0])).Append(line.AsSpan(1).TrimEnd('.')).Append(".\n");
        }
    }

    private static string VerdictOf(Verdict verdict) => verdict switch
    {
        Verdict.Aim => "aim reached",
        Verdict.AtLeast => "at least reached",
        _ => "**missed**",
    };

    private static string With(double value, string unit) => $"{MarkdownReport.Number(value)} {unit}";
}
