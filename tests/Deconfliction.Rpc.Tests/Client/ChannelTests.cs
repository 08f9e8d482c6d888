using System.Net;
using System.Net.Sockets;
using Deconfliction.Rpc.Tests.Probing;

namespace Deconfliction.Rpc.Tests.Client;

[Collection(ServerFixture.Collection)]
public sealed class ChannelTests(ServerFixture fixture)
{
    private readonly RpcChannel _channel = fixture.Channel;

    [Fact]
    public async Task ConnectionRefused_IsUnavailableAndNamesTheAddress()
    {
        var port = FreePort();
        using var channel = new RpcChannel(new Uri($"https://127.0.0.1:{port}"));
        var error = await FailsAsync(StatusCode.Unavailable, channel);
        Assert.Contains($"127.0.0.1:{port}", error.Status.Detail, StringComparison.Ordinal);
        Assert.Contains("ConnectionRefused", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerOfAnotherAuthority_IsUnavailableAndSaysTls()
    {
        using var other = TestPki.MakeAuthority("CN=Another authority");
        using var channel = new RpcChannel(fixture.Server.Address, new RpcChannelOptions { ClientCertificate = fixture.Pki.Client, TrustedAuthorities = [other] });
        var error = await FailsAsync(StatusCode.Unavailable, channel);
        Assert.Contains("TLS", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ClientWithoutACertificate_IsUnavailable()
    {
        using var channel = new RpcChannel(fixture.Server.Address, new RpcChannelOptions { TrustedAuthorities = [fixture.Pki.Authority] });
        await FailsAsync(StatusCode.Unavailable, channel);
    }

    [Fact]
    public async Task RichError_ArrivesWhole()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => _channel.UnaryAsync(Methods.Ask, new ProbeRequest { Behaviour = "rich" }));
        Assert.Equal(new Status(StatusCode.InvalidArgument, "The kind is not known."), error.Status);
        Assert.Equal(("BAD_KIND", "deconfliction", "x"), (error.GetErrorInfo()!.Reason, error.GetErrorInfo()!.Domain, error.GetErrorInfo()!.Metadata["kind"]));
        Assert.Equal("identifier.kind", error.GetBadRequest()!.FieldViolations.Single().Field);
        Assert.Equal(TimeSpan.FromSeconds(3), error.GetRetryInfo()!.RetryDelay.ToTimeSpan());
        Assert.Equal("kind", error.GetResourceInfo()!.ResourceType);
        Assert.Equal((int)StatusCode.InvalidArgument, error.GetRpcStatus()!.Code);
    }

    [Fact]
    public async Task Response_OverTheClientsLimit_IsRefused()
    {
        using var channel = fixture.Server.Channel(new RpcChannelOptions { MaxReceiveMessageBytes = 1000 });
        var error = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(Methods.Ask, new ProbeRequest { Behaviour = "big", Count = 10_000 }));
        Assert.Equal((StatusCode.ResourceExhausted, "RESPONSE_TOO_LARGE"), (error.StatusCode, error.GetErrorInfo()?.Reason));
        Assert.Contains("1000 bytes", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_OverTheClientsLimit_IsNotSent()
    {
        using var channel = fixture.Server.Channel(new RpcChannelOptions { MaxSendMessageBytes = 1000 });
        var request = new ProbeRequest { Key = new string('x', 2000) };
        var error = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(Methods.Ask, request));
        Assert.Equal((StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE", false), (error.StatusCode, error.GetErrorInfo()?.Reason, error.WasSent));
    }

    [Fact]
    public async Task Response_OverTheServersLimit_IsToldApart()
    {
        var error = await Assert.ThrowsAsync<RpcException>(
            () => _channel.UnaryAsync(Methods.Ask, new ProbeRequest { Behaviour = "big", Count = (4 * 1024 * 1024) + 1 }));
        Assert.Equal((StatusCode.ResourceExhausted, "RESPONSE_TOO_LARGE"), (error.StatusCode, error.GetErrorInfo()?.Reason));
    }

    [Fact]
    public async Task CallerThatCancels_GetsCancelled()
    {
        using var cancel = new CancellationTokenSource();
        var call = _channel.UnaryAsync(Methods.Ask, new ProbeRequest { Behaviour = "hang", Key = Guid.NewGuid().ToString() }, cancellationToken: cancel.Token);
        await cancel.CancelAsync();
        Assert.Equal(StatusCode.Cancelled, (await Assert.ThrowsAsync<RpcException>(() => call)).StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ManySmallRequests_AllArrive(bool buffered)
    {
        const int Count = 50_000;
        using var call = _channel.ClientStream(Methods.Collect);
        call.RequestStream.WriteOptions = buffered ? WriteOptions.Buffered : null;
        for (var i = 0; i < Count; i++)
        {
            await call.RequestStream.WriteAsync(new ProbeRequest { Count = i });
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(Count, (await call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(30))).Number);
    }

    [Theory]
    [InlineData("")]
    [InlineData("buffered")]
    public async Task ManySmallResponses_AllArriveInOrder(string behaviour)
    {
        const int Count = 50_000;
        using var call = _channel.ServerStream(Methods.Feed, new ProbeRequest { Behaviour = behaviour, Count = Count });
        var next = 0;
        await foreach (var response in call.ResponseStream.ReadAllAsync())
        {
            Assert.Equal(next++, response.Number);
        }

        Assert.Equal(Count, next);
    }

    [Fact]
    public async Task Writing_AfterTheServerRefused_GivesItsStatus()
    {
        using var call = _channel.ClientStream(Methods.Collect);
        await call.RequestStream.WriteAsync(new ProbeRequest { Behaviour = "refuse" });
        var told = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync.WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal("ENOUGH", told.GetErrorInfo()?.Reason);
        var error = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            for (var i = 0; i < 1_000_000; i++)
            {
                await call.RequestStream.WriteAsync(new ProbeRequest());
            }
        });
        Assert.Equal(StatusCode.ResourceExhausted, error.StatusCode);
    }

    [Fact]
    public async Task TwoWayCall_ThatBeginsByListening_ReachesTheServerAtOnce()
    {
        // Well under the keep-alive ping, which would carry the headers along late.
        using var call = _channel.DuplexStream(Methods.FullDuplexCall, new RpcCallOptions
        {
            Headers = new Metadata { { "x-grpc-test-echo-initial", "here" } },
        });
        var headers = await call.ResponseHeadersAsync.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal("here", headers.GetValue("x-grpc-test-echo-initial"));
    }

    [Fact]
    public async Task DisposedStream_SaysSo()
    {
        var call = _channel.ServerStream(Methods.Feed, new ProbeRequest { Behaviour = "hang", Key = Guid.NewGuid().ToString(), Count = 2 });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        call.Dispose();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Cancelled, error.StatusCode);
    }

    private static async Task<RpcException> FailsAsync(StatusCode code, RpcChannel channel)
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(Methods.Ask, new ProbeRequest()));
        Assert.Equal(code, error.StatusCode);
        return error;
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
