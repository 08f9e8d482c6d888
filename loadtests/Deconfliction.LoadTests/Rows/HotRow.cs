using Deconfliction.LoadTests.Reporting;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Scenarios;

namespace Deconfliction.LoadTests.Rows;

/// <summary>One hot identifier: 100,000 live claims of which a new one meets ten, against one with ten.</summary>
internal sealed class HotRow : IRow
{
    public string Name => "hot";

    public async Task RunAsync(RowBench bench, CancellationToken cancellationToken)
    {
        var report = new Report(Machine.Read(), DateTimeOffset.UtcNow);
        var options = new LoadOptions { Stores = [Store.Postgres], IsQuick = bench.Options.IsQuick, Rounds = bench.Options.Rounds };
        await using var inner = new Bench(options, report, bench.Progress, RowBench.DatabaseSettings);
        await new HotScenario().RunAsync(inner, Store.Postgres, cancellationToken);
        foreach (var figure in report.Figures)
        {
            if (figure.Unit == "times")
            {
                bench.Add("hot identifier with 100,000 live claims of which ten meet, claim latency against one with ten", "x", figure.Rounds, new Target(1.5, 1.1));
                continue;
            }

            if (figure.Aim is { } aim)
            {
                bench.Add($"hot identifier: {figure.Name}", figure.Unit, figure.Rounds, new Target(aim.Limit, aim.Limit));
                continue;
            }

            bench.Result.Sides.Add(new SideResult { Name = $"the grid: {figure.Name}", Callers = "1", Unit = figure.Unit, Rounds = figure.Rounds, Latency = figure.Latency });
        }

        bench.Result.Notes.Add("Hot: in one process and without a gateway, whose constant share would flatter the ratio; one claim on each identifier in turn.");
    }
}
