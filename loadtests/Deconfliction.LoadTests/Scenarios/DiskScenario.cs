using Deconfliction.LoadTests.Measuring;
using Deconfliction.Testing.Processes;

namespace Deconfliction.LoadTests.Scenarios;

/// <summary>The rate at which the store's disk makes writes durable: no figure of claims can be read without it.</summary>
internal sealed class DiskScenario : IScenario
{
    private static readonly TimeSpan s_length = TimeSpan.FromSeconds(2);

    public string Name => "disk";

    public bool NeedsStore => false;

    public Task RunAsync(Bench bench, Store store, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var rounds = new List<LatencyHistogram>();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            rounds.Add(DiskSync.Measure(folder.Path, s_length));
            bench.Progress.Say($"disk: {rounds[^1].Count / s_length.TotalSeconds:N0} fdatasync/s");
        }

        bench.Report.Add(new Figure
        {
            Scenario = Name,
            Name = "8 kB written and made durable (fdatasync), where the stores lie",
            Unit = "1/s",
            Rounds = [.. rounds.Select(round => round.Count / s_length.TotalSeconds)],
            Latency = Latency.Of(rounds),
            Command = Bench.Command(Name),
        });
        return Task.CompletedTask;
    }
}
