using Deconfliction.LoadTests;
using Deconfliction.LoadTests.Reporting;
using Deconfliction.LoadTests.Scenarios;

IScenario[] scenarios =
[
    new DiskScenario(), new ImportScenario(), UnaryScenario.Checks(), UnaryScenario.Claims(), new LoneScenario(), new LargeScenario(),
];

return await LoadCommand.Build(scenarios.Select(scenario => scenario.Name), RunAsync).Parse(args).InvokeAsync();

async Task<int> RunAsync(LoadOptions options, CancellationToken cancellationToken)
{
    // Nothing here takes longer than this on a machine that it can be measured on; what hangs must end.
    using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    limit.CancelAfter(TimeSpan.FromMinutes(options.Large ? 60 : 30));
    var report = new Report(Machine.Read(), DateTimeOffset.UtcNow);
    await using (var bench = new Bench(options, report, new Progress(Console.Error, !Console.IsErrorRedirected)))
    {
        foreach (var scenario in scenarios.Where(scenario => options.Only.Contains(scenario.Name, StringComparer.Ordinal)
            || (options.Only.Count == 0 && (options.Large || scenario is not LargeScenario))))
        {
            foreach (var store in scenario.NeedsStore ? options.Stores : [Store.Sqlite])
            {
                await scenario.RunAsync(bench, store, limit.Token);
            }
        }
    }

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

    return 0;
}
