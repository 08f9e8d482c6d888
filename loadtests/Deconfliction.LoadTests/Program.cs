using System.CommandLine;
using Deconfliction.LoadTests;
using Deconfliction.LoadTests.Reporting;
using Deconfliction.LoadTests.Rows;
using Deconfliction.LoadTests.Scenarios;

if (args is ["rows", ..])
{
    return await RowProgram.RunAsync(args[1..]);
}

IScenario[] scenarios =
[
    new DiskScenario(), new ImportScenario(), UnaryScenario.Checks(), UnaryScenario.Claims(), new LoneScenario(), new HotScenario(), new LargeScenario(),
];

// A signal leaves time enough to stop the server and the database, and to write down what was measured.
return await LoadCommand.Build(scenarios.Select(scenario => scenario.Name), RunAsync).Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });

async Task<int> RunAsync(LoadOptions options, CancellationToken cancellationToken)
{
    // Nothing here takes longer than this on a machine that it can be measured on; what hangs must end.
    using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    limit.CancelAfter(TimeSpan.FromMinutes(options.Large ? 60 : 30));
    var report = new Report(Machine.Read(), DateTimeOffset.UtcNow);
    var isComplete = false;
    try
    {
        await using var bench = new Bench(options, report, new Progress(Console.Error, !Console.IsErrorRedirected));
        foreach (var scenario in scenarios.Where(scenario => options.Only.Contains(scenario.Name, StringComparer.Ordinal)
            || (options.Only.Count == 0 && (options.Large || scenario is not LargeScenario))))
        {
            foreach (var store in scenario.NeedsStore ? options.Stores : [Store.Sqlite])
            {
                await scenario.RunAsync(bench, store, limit.Token);
            }
        }

        isComplete = true;
    }
    catch (Exception stopped) when (limit.IsCancellationRequested)
    {
        await Console.Error.WriteLineAsync($"loadtests: stopped by a signal or after its time limit: {stopped.Message}");
    }
    finally
    {
        if (!isComplete)
        {
            report.Note("Broken off: figures are missing.");
        }

        await WriteAsync(options, report);
    }

    return isComplete ? 0 : 1;
}

static async Task WriteAsync(LoadOptions options, Report report)
{
    var markdown = MarkdownReport.Write(report);
    Console.WriteLine(markdown);
    if (options.Markdown is { } file)
    {
        await File.WriteAllTextAsync(file, markdown, CancellationToken.None);
    }

    if (options.Json is { } json)
    {
        await File.WriteAllTextAsync(json, report.ToJson(), CancellationToken.None);
    }
}
