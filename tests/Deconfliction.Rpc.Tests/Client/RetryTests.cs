using Deconfliction.Rpc.Tests.Probing;
using Microsoft.Extensions.DependencyInjection;

namespace Deconfliction.Rpc.Tests.Client;

/// <summary>The client repeats what is safe, and only that.</summary>
[Collection(ServerFixture.Collection)]
public sealed class RetryTests : IDisposable
{
    private readonly RpcTestServer _server;
    private readonly RpcChannel _channel;
    private readonly ProbeService _probe;
    private readonly string _key = Guid.NewGuid().ToString();

    public RetryTests(ServerFixture fixture)
    {
        _server = fixture.Server;
        _probe = fixture.Server.Services.GetRequiredService<ProbeService>();
        _channel = fixture.Server.Channel(new RpcChannelOptions
        {
            Retry = new RpcRetryPolicy { MaxAttempts = 4, FirstBackoff = TimeSpan.FromMilliseconds(1), Random = new Random(7) },
        });
    }

    public void Dispose() => _channel.Dispose();

    [Fact]
    public async Task SafeCall_IsRepeatedUntilItSucceeds()
    {
        var response = await _channel.UnaryAsync(Methods.Ask.AsRetrySafe(), Request("unavailable", 2));
        Assert.Equal(3, response.Number);
    }

    [Fact]
    public async Task CallDeclaredSafe_IsRepeated() =>
        Assert.Equal(2, (await _channel.UnaryAsync(Methods.Ask, Request("unavailable", 1), new RpcCallOptions { RetrySafe = true })).Number);

    [Fact]
    public async Task UnsafeCall_IsNotRepeated()
    {
        await FailsAsync(StatusCode.Unavailable, Methods.Ask, Request("unavailable", 1));
        Assert.Equal(1, _probe.Attempts(_key));
    }

    [Fact]
    public async Task SafeCall_IsRepeatedABoundedNumberOfTimes()
    {
        await FailsAsync(StatusCode.Unavailable, Methods.Ask.AsRetrySafe(), Request("unavailable", 100));
        Assert.Equal(4, _probe.Attempts(_key));
    }

    [Fact]
    public async Task SafeCall_WithAnotherStatus_IsNotRepeated()
    {
        await FailsAsync(StatusCode.InvalidArgument, Methods.Ask.AsRetrySafe(), Request("rich", 0));
        Assert.Equal(1, _probe.Attempts(_key));
    }

    [Fact]
    public async Task NegativePushback_ForbidsRepeating()
    {
        await FailsAsync(StatusCode.Unavailable, Methods.Ask.AsRetrySafe(), Request("pushback", 1));
        Assert.Equal(1, _probe.Attempts(_key));
    }

    [Fact]
    public async Task PauseBeyondTheDeadline_IsNotWaitedFor()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => _channel.UnaryAsync(
            Methods.Ask.AsRetrySafe(), Request("come back in 30 s", 0), new RpcCallOptions { Timeout = TimeSpan.FromSeconds(20) }));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Equal(1, _probe.Attempts(_key));
    }

    [Fact]
    public async Task PauseThatTheServerAsksFor_IsKept()
    {
        var started = TimeProvider.System.GetTimestamp();
        Assert.Equal(2, (await _channel.UnaryAsync(Methods.Ask.AsRetrySafe(), Request("come back in 300 ms", 1))).Number);
        Assert.True(TimeProvider.System.GetElapsedTime(started) >= TimeSpan.FromMilliseconds(290));
    }

    [Fact]
    public async Task Repeating_EndsAtTheDeadline()
    {
        using var channel = _server.Channel(new RpcChannelOptions
        {
            Retry = new RpcRetryPolicy { MaxAttempts = int.MaxValue, FirstBackoff = TimeSpan.FromMilliseconds(20), MaxBackoff = TimeSpan.FromMilliseconds(20) },
        });
        var error = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(
            Methods.Ask.AsRetrySafe(), Request("unavailable", int.MaxValue), new RpcCallOptions { Timeout = TimeSpan.FromSeconds(3) }).WaitAsync(TimeSpan.FromSeconds(20)));
        Assert.True(error.StatusCode is StatusCode.DeadlineExceeded or StatusCode.Unavailable);
        Assert.True(_probe.Attempts(_key) > 1);
    }

    [Fact]
    public async Task SafeStream_IsOpenedAgainBeforeItsFirstMessage()
    {
        using var call = _channel.ServerStream(Methods.Feed.AsRetrySafe(), Request("unavailable", 2));
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(3, _probe.Attempts(_key));
    }

    [Fact]
    public async Task SafeStream_IsNotOpenedAgainAfterItsFirstMessage()
    {
        using var call = _channel.ServerStream(Methods.Feed.AsRetrySafe(), Request("break", 1));
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Equal(1, _probe.Attempts(_key));
    }

    private ProbeRequest Request(string behaviour, int count) => new() { Behaviour = behaviour, Key = _key, Count = count };

    private async Task FailsAsync(StatusCode code, RpcMethod<ProbeRequest, ProbeResponse> method, ProbeRequest request) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<RpcException>(() => _channel.UnaryAsync(method, request))).StatusCode);
}
