using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests.Faults;

/// <summary>A silo that stands still and comes back, believing that it still owns its actors (FAULTS.md: F4).</summary>
public sealed class StalledSiloTests(ITestOutputHelper output)
{
    private const int Seed = 4101;

    [Fact]
    public async Task F4_SuspendedAndResumed_IsFenced()
    {
        var time = FaultTime.Of(15);
        await using var cluster = await ClusterUnderTest.StartAsync(3, await PostgresServer.CommonAsync());
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed);
        var stalled = cluster.Silos[1];

        // In the middle of turns: the load has not stopped.
        await stalled.SuspendAsync();
        run.Say($"{stalled.Name} suspended");
        await run.LastAsync(time);
        await run.MoreAsync(200);
        run.Say("the others went on");
        await stalled.ResumeAsync();
        run.Say($"{stalled.Name} resumed");
        await run.MoreAsync(400);
        await Waiting.UntilAsync($"{stalled.Name} finds itself declared dead, or is a member as before", TimeSpan.FromMinutes(2), async () =>
            !stalled.IsRunning || (await cluster.ActiveAsync()).ContainsKey(stalled.Name));
        run.Say($"{stalled.Name} {(stalled.IsRunning ? "still runs" : "has ended by itself")}");
        await cluster.RestartEndedAsync();
        run.Say("all silos run");
        await run.MoreAsync(300);
        await run.AssertHoldsAsync();
    }
}
