using Deconfliction.Dashboard.Telemetry;

namespace Deconfliction.Dashboard.Panels.Overview;

/// <summary>Each call of the protocol: how often, how long, how it ended. Percentiles of the sum of all nodes and samples.</summary>
internal sealed class CallsPanel : IPanel
{
    public string Id => "calls";

    public Task<PanelContent> ReadAsync(PanelContext context)
    {
        var (grid, words) = (context.Grid, context.Words);
        var calls = grid.Fine.SelectMany(sample => sample.Histograms)
            .Select(series => (Call: SeriesNames.CallOf(series.Key), series.Value))
            .Where(series => series.Call is not null)
            .GroupBy(series => series.Call!.Value.Method, StringComparer.Ordinal)
            .Select(group => (Method: group.Key, All: HistogramSum.Of(group.Select(one => one.Value)),
                Failed: group.Where(one => one.Call!.Value.Status != "OK").Sum(one => one.Value.Count)))
            .OrderByDescending(call => call.All.Count).ThenBy(call => call.Method, StringComparer.Ordinal)
            .ToList();
        var seconds = Math.Max(1, grid.Fine.Sum(sample => sample.Length.TotalSeconds));
        var table = new TableBlock(
            [
                new(words["column.call"]), new(words["column.count"], true), new(words["column.persecond"], true), new("p50", true), new("p95", true),
                new("p99", true), new(words["column.max"], true), new(words["column.failed"], true),
            ],
            [
                .. calls.Select(call => (IReadOnlyList<Cell>)
                [
                    new Cell(Short(call.Method)) { IsCode = true },
                    Number(call.All.Count, words.Count(call.All.Count)),
                    Number(call.All.Count / seconds, words.Number(call.All.Count / seconds)),
                    Time(call.All, 0.5), Time(call.All, 0.95), Time(call.All, 0.99),
                    Number(call.All.Largest / 1e9, words.Duration(call.All.Largest / 1e9)),
                    Number(call.Failed, words.Count(call.Failed)) with { Tone = call.Failed > 0 ? Tone.Warn : Tone.None },
                ]),
            ],
            words["empty.calls"]);
        return Task.FromResult(new PanelContent(grid.SampledAt ?? grid.Now, [table]));

        static Cell Number(double value, string text) => new(text) { Number = value };

        Cell Time(HistogramSum all, double share) => new(Charts.Written(words, all, share)) { Number = all.Quantile(share) / 1e9 };
    }

    // "deconfliction.v1.ClaimService/CreateClaim": the package says nothing here.
    private static string Short(string method)
    {
        var name = method.TrimStart('/');
        return name.StartsWith("deconfliction.v1.", StringComparison.Ordinal) ? name["deconfliction.v1.".Length..] : name;
    }
}

/// <summary>What was refused, and why.</summary>
internal sealed class ErrorsPanel : IPanel
{
    private const int Most = 25;

    public string Id => "errors";

    public Task<PanelContent> ReadAsync(PanelContext context)
    {
        var (grid, words) = (context.Grid, context.Words);
        var problems = grid.Nodes.SelectMany(node => node.Problems)
            .GroupBy(problem => (problem.Status, problem.Reason))
            .Select(group => (group.Key.Status, group.Key.Reason, Count: group.Sum(one => one.Count), Last: group.Max(one => one.LastAt)))
            .OrderByDescending(problem => problem.Count).Take(Most).ToList();
        var most = problems.Count > 0 ? problems[0].Count : 1;
        var table = new TableBlock(
            [new(words["column.status"]), new(words["column.reason"]), new(words["column.count"], true), new(words["column.share"]), new(words["column.last"])],
            [
                .. problems.Select(problem => (IReadOnlyList<Cell>)
                [
                    new Cell(problem.Status) { IsCode = true, Tone = IsOurs(problem.Status) ? Tone.Bad : Tone.None },
                    new Cell(problem.Reason) { IsCode = true },
                    new Cell(words.Count(problem.Count)) { Number = problem.Count },
                    new Cell("") { Share = (double)problem.Count / most },
                    new Cell(words.Clock(problem.Last)) { Time = problem.Last },
                ]),
            ],
            words["empty.errors"]);
        return Task.FromResult(new PanelContent(grid.Now, [table]));
    }

    // What the grid is to blame for, and not the caller.
    private static bool IsOurs(string status) => status is "INTERNAL" or "UNAVAILABLE" or "UNKNOWN" or "DATA_LOSS";
}
