using Deconfliction.Contract.Setup;
using Deconfliction.Rpc;
using Grpc.Health.V1;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Deconfliction.Contract.Health;

/// <summary>Each node says of itself whether it should be sent work, over gRPC and to its operator.</summary>
public abstract class HealthContract(SharedGrid shared)
{
    [Fact]
    public async Task Check_OfTheNodeAndOfEachService_IsServing()
    {
        foreach (var node in shared.Grid.Nodes)
        {
            foreach (var service in (string[])["", "deconfliction.v1.ClaimService", "deconfliction.v1.CheckService", "deconfliction.v1.AlertService"])
            {
                Assert.Equal(ServingStatus.Serving, await shared.Alpha.ChannelAt(node.Url).HealthAsync(service));
            }

            Assert.Equal(StatusCode.NotFound, (await shared.Alpha.ChannelAt(node.Url).RefusalAsync<HealthCheckRequest, HealthCheckResponse>(new HealthCheckRequest { Service = "x" })).Status);
        }
    }

    [Fact]
    public async Task Ops_OfEachNode_IsLiveAndReady()
    {
        foreach (var node in shared.Grid.Nodes)
        {
            Assert.True(await node.IsReadyAsync());
            Assert.Equal("live\n", await node.ReadOpsAsync("/health/live"));
            await Assert.ThrowsAsync<InvalidOperationException>(() => node.ReadOpsAsync("/deconfliction.v1.ClaimService/ListClaims"));
        }
    }
}
