using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests.Faults;

/// <summary>A silo that stands still and comes back, believing that it still owns its actors (FAULTS.md: F4).</summary>
public sealed class StalledSiloTests(ITestOutputHelper output)
{
    private const int Seed = 4101;

    // Against hanging only.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task F4_SuspendedAndResumed_IsFenced()
    {
        var time = FaultTime.Of(output, "F4", 15, requiredSeconds: 60);
        await using var cluster = await ClusterUnderTest.StartAsync(3, await PostgresServer.CommonAsync());
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed);
        var stalled = cluster.Silos[1];

        // In the middle of turns: the load has not stopped.
        await stalled.SuspendAsync();
        run.Say($"{stalled.Name} suspended");
        await run.LastAsync(time);
        await run.MoreAsync(200);
        run.Say("the others went on");

        // It is a zombie: its process is there, and the cluster goes on without it.
        await Waiting.UntilAsync($"{stalled.Name} is declared dead", Limit, () => cluster.IsDeclaredDeadAsync(stalled));
        Assert.True(stalled.IsRunning, $"{stalled.Name} has ended while it was to stand still.");
        run.Say($"{stalled.Name} is declared dead, and its process is there");
        await stalled.ResumeAsync();
        run.Say($"{stalled.Name} resumed");
        await run.MoreAsync(400);
        await Waiting.UntilAsync($"{stalled.Name} finds itself declared dead, and ends", Limit, () => !stalled.IsRunning);
        run.Say($"{stalled.Name} has ended by itself");
        await cluster.RestartEndedAsync();
        run.Say("all silos run");
        await run.MoreAsync(300);
        await run.AssertHoldsAsync();
    }
}
