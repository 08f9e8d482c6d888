using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Gateway.Tests.Telemetry;

public sealed class MeterTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Calls_AreMeasuredByMethodAndStatusName_AndWhatClientsInventUnderOneName()
    {
        await using var server = await TestServer.StartAsync();
        var alpha = await server.AddAsync("alpha", AgencyRole.LawEnforcement);
        using var measured = new Measured("rpc.server.call.duration");

        await alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(alpha.Claim("metered@example.org", "email"));
        await Assert.ThrowsAsync<RpcException>(() => alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(alpha.Claim("not an address")));
        using var raw = new RawCalls(server, alpha.Certificate);
        await raw.SendAsync("/made.up.Service/metered@example.org", message: null);

        string[] expected =
        [
            "deconfliction.v1.ClaimService/CreateClaim OK", "deconfliction.v1.ClaimService/CreateClaim INVALID_ARGUMENT", "_OTHER UNIMPLEMENTED",
        ];
        await Waiting.UntilAsync("each call is measured", s_limit, () => Task.FromResult(expected.All(measured.Tags.Contains)));
        Assert.DoesNotContain(measured.Tags, tag => tag.Contains("metered", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("deconfliction.ledger.commit.duration")]
    [InlineData("deconfliction.ledger.group.size")]
    [InlineData("deconfliction.claim.duration")]
    [InlineData("deconfliction.alert.delivery.duration")]
    public async Task Overlap_WhileBothFollowTheirFeeds_IsMeasured(string instrument)
    {
        await using var server = await TestServer.StartAsync();
        var alpha = await server.AddAsync("alpha", AgencyRole.LawEnforcement);
        var bravo = await server.AddAsync("bravo", AgencyRole.LawEnforcement);
        using var stream = alpha.Channel.ServerStream(Calls.Method<StreamAlertsRequest, StreamAlertsResponse>(), new StreamAlertsRequest());
        // The second heartbeat says that the backlog has been sent.
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None) && await stream.ResponseStream.MoveNext(CancellationToken.None));
        using var measured = new Measured(instrument);

        await alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(alpha.Claim("both@example.org", "email"));
        await bravo.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(bravo.Claim("both@example.org", "email"));
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        Assert.NotNull(stream.ResponseStream.Current.Alert);

        await Waiting.UntilAsync($"{instrument} is measured", s_limit, () => Task.FromResult(!measured.Values.IsEmpty));
        Assert.All(measured.Values, value => Assert.InRange(value, 0, 600));
    }
}
