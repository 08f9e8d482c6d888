using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Contract.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Xunit.Abstractions;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Deconfliction.Cluster.Tests.Faults;

/// <summary>
/// All silos drained and started again, one after the other, under load (FAULTS.md: F19); with it the silos' authority is changed, as the
/// runbook says.
/// </summary>
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private const int Seed = 1901;

    [Fact]
    public async Task F19_EverySiloDrainedAndStartedAgain_InvariantsHold()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3, await PostgresServer.CommonAsync());
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed);
        await cluster.Shared.ChangeSiloAuthorityAsync();
        foreach (var silo in cluster.Silos)
        {
            Assert.Equal(ServingStatus.Serving, await run.Members[0].ChannelAt(silo.Url).HealthAsync());
            var begun = new TaskCompletionSource();
            var told = run.Members[1].ChannelAt(silo.Url).WatchHealthAsync(begun);
            await begun.Task.WaitAsync(TimeSpan.FromMinutes(1));
            var said = SaysNotServingAsync(run.Members[0], silo);
            Assert.Equal(0, await silo.StopAsync(TimeSpan.FromMinutes(2)));
            Assert.True(await said, $"{silo.Name} ended, and had not said NOT_SERVING to a balancer that asks ten times a second.");
            Assert.Equal([ServingStatus.Serving, ServingStatus.NotServing], (await told).Distinct());
            run.Say($"{silo.Name} said NOT_SERVING, also to who watched it, and drained");
            await silo.StartAsync();
            run.Say($"{silo.Name} started again");
            await run.MoreAsync(300);
        }

        // All trust both authorities by now, so that one silo after another may get an identity of the new one.
        await cluster.Silos[0].StopAsync(TimeSpan.FromMinutes(2));
        await cluster.Shared.ReissueAsync(cluster.Silos[0].Name);
        await cluster.Silos[0].StartAsync();
        await Waiting.UntilAsync("three are active", TimeSpan.FromMinutes(2), async () => (await cluster.ActiveAsync()).Count == 3);
        run.Say($"{cluster.Silos[0].Name} has an identity of the new authority, and is active among those of the old one");
        await run.MoreAsync(300);
        await run.AssertHoldsAsync();
    }

    // As a balancer asks, until it is told or the silo is gone.
    private static async Task<bool> SaysNotServingAsync(Member member, NodeProcess silo)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (silo.IsRunning)
        {
            try
            {
                if (await member.ChannelAt(silo.Url).HealthAsync() == ServingStatus.NotServing)
                {
                    return true;
                }
            }
            catch (Rpc.RpcException)
            {
                return false;
            }

            await pause.WaitForNextTickAsync();
        }

        return false;
    }
}
