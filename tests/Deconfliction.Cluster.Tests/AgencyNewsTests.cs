using System.Diagnostics;
using Deconfliction.Client;
using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing;

namespace Deconfliction.Cluster.Tests;

/// <summary>What one silo does to an agency, the others hear of at once, and not only when they next read all agencies.</summary>
[Collection(OneAtATime.Name)]
public sealed class AgencyNewsTests
{
    // Well below the period of the refresh, which is 20 s.
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(10);
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Revoke_AtOneSilo_CutsTheStreamsAtAllInSeconds()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3, await PostgresServer.CommonAsync());
        for (var round = 0; round < 5; round++)
        {
            var revoked = await cluster.AddMemberAsync($"revoked-{round}");
            var streams = new List<IAsyncEnumerator<StreamAlertsResponse>>();
            foreach (var silo in cluster.Silos)
            {
                // Added at one silo a moment ago, and known at the others.
                streams.Add(revoked.At(silo).Alerts.StreamAsync(new StreamAlertsRequest(), None).GetAsyncEnumerator());
                Assert.True(await streams[^1].MoveNextAsync());
            }

            await cluster.OperatorMember.At(cluster.Silos[round % 3]).Agencies.RevokeAsync(new RevokeAgencyRequest { Agency = revoked.Agency }, None);
            var since = Stopwatch.StartNew();
            foreach (var stream in streams)
            {
                var cut = await Assert.ThrowsAsync<GridException>(async () =>
                {
                    while (await stream.MoveNextAsync().AsTask().WaitAsync(s_soon - since.Elapsed))
                    {
                    }
                });
                Assert.Equal("UNAUTHENTICATED", cut.Error.Status);
                await stream.DisposeAsync();
            }
        }
    }
}
