using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Contract.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Xunit.Abstractions;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Deconfliction.Cluster.Tests.Faults;

/// <summary>All silos drained and started again, one after the other, under load (FAULTS.md: F19).</summary>
public sealed class RollingRestartTests(ITestOutputHelper output)
{
    private const int Seed = 1901;

    [Fact]
    public async Task F19_EverySiloDrainedAndStartedAgain_InvariantsHold()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3, await PostgresServer.CommonAsync());
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed);
        foreach (var silo in cluster.Silos)
        {
            var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            var told = ListenAsync(run.Members[0], silo, listening);
            await listening.Task.WaitAsync(TimeSpan.FromSeconds(20));
            Assert.Equal(0, await silo.StopAsync(TimeSpan.FromSeconds(60)));
            Assert.Equal([ServingStatus.Serving, ServingStatus.NotServing], await told);
            run.Say($"{silo.Name} said NOT_SERVING and drained");
            await silo.StartAsync();
            run.Say($"{silo.Name} started again");
            await run.MoreAsync(300);
        }

        await run.AssertHoldsAsync();
    }

    // What a balancer that watches it is told, until it goes.
    private static async Task<IReadOnlyList<ServingStatus>> ListenAsync(Member member, NodeProcess silo, TaskCompletionSource listening)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var told = new List<ServingStatus>();
        try
        {
            await foreach (var status in member.ChannelAt(silo.Url).WatchHealthAsync(limit.Token))
            {
                told.Add(status);
                listening.TrySetResult();
            }
        }
        catch (Rpc.RpcException)
        {
            // It went.
        }

        return told;
    }
}
