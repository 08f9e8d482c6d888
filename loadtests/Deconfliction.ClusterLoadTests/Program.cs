using System.CommandLine;
using System.Globalization;
using Deconfliction.ClusterLoadTests;
using Deconfliction.ClusterLoadTests.Scenarios;
using Deconfliction.ClusterLoadTests.Setup;
using Deconfliction.ClusterLoadTests.Sides;
using Deconfliction.LoadTests.Reporting;

if (args is ["side", ..])
{
    return await SideAsync(args[1], args[2..]);
}

IClusterScenario[] scenarios =
[
    OneSiloScenario.OnFresh(), OneSiloScenario.OnWarm(), new GatewayScenario(), new HopScenario(), new HotScenario(), new ScaleScenario(),
];

// A signal leaves time enough to stop the silos and the database, and to write down what was measured.
return await ClusterLoadCommand.Build(scenarios.Select(scenario => scenario.Name), RunAsync).Parse(args)
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromMinutes(2) });

async Task<int> RunAsync(ClusterLoadOptions options, CancellationToken cancellationToken)
{
    using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    limit.CancelAfter(TimeSpan.FromMinutes(30));
    var report = new Report(Machine.Read(), DateTimeOffset.UtcNow, "The cluster edition", "Silos, database and callers together");
    var isComplete = false;
    try
    {
        await using var bench = new ClusterBench(options, report, new Progress(Console.Error, !Console.IsErrorRedirected));
        foreach (var scenario in scenarios.Where(scenario => options.Only.Count == 0 || options.Only.Contains(scenario.Name, StringComparer.Ordinal)))
        {
            await scenario.RunAsync(bench, limit.Token);
        }

        isComplete = true;
    }
    catch (Exception stopped) when (limit.IsCancellationRequested)
    {
        await Console.Error.WriteLineAsync($"cluster-loadtests: stopped by a signal or after its time limit: {stopped.Message}");
    }
    finally
    {
        if (!isComplete)
        {
            report.Note("Broken off: figures are missing.");
        }

        Console.WriteLine(MarkdownReport.Write(report));
        if (options.Keep is { } path && isComplete)
        {
            await KeptReport.AddAsync(path, report);
        }
    }

    return isComplete ? 0 : 1;
}

static async Task<int> SideAsync(string which, string[] settings)
{
    using var stop = new CancellationTokenSource();
    await using ISide side = which == "ours"
        ? await OurSide.StartAsync(settings, stop.Token)
        : await PlainSide.StartAsync(
            new PlainSettings(
                settings[0], int.Parse(settings[1], CultureInfo.InvariantCulture), int.Parse(settings[2], CultureInfo.InvariantCulture),
                int.Parse(settings[3], CultureInfo.InvariantCulture), settings[4], settings[5], settings[6]),
            stop.Token);
    Console.WriteLine(SideLoop.Mark + "ready");
    await new SideLoop(side).RunAsync(Console.In, Console.Out, stop.Token);
    return 0;
}
