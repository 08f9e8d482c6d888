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
            var saying = SaysNotServingAsync(run.Members[0], silo);
            Assert.Equal(0, await silo.StopAsync(TimeSpan.FromSeconds(60)));
            run.Say($"{silo.Name} drained{(await saying ? ", said NOT_SERVING before it went" : "")}");
            await silo.StartAsync();
            run.Say($"{silo.Name} started again");
            await run.MoreAsync(300);
        }

        await run.AssertHoldsAsync();
    }

    // Whether it was heard to say so before its listener closed.
    private static async Task<bool> SaysNotServingAsync(Member member, NodeProcess silo)
    {
        var heard = false;
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!heard && silo.IsRunning)
        {
            try
            {
                heard = await member.ChannelAt(silo.Url).HealthAsync() == ServingStatus.NotServing;
            }
            catch (Rpc.RpcException)
            {
                return heard;
            }

            await pause.WaitForNextTickAsync();
        }

        return heard;
    }
}
