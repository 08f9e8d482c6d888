using Deconfliction.Rpc.Tests.Probing;
using Grpc.Health.V1;
using Microsoft.Extensions.DependencyInjection;

namespace Deconfliction.Rpc.Tests.Server;

/// <summary>How calls end before they are done: client gone, deadline, cut, stop.</summary>
public sealed class CallLifetimeTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_cap = TimeSpan.FromSeconds(5);

    private readonly TestPki _pki = new();
    private readonly string _key = Guid.NewGuid().ToString();
    private readonly Gate _gate = new();
    private RpcTestServer _server = null!;
    private RpcChannel _channel = null!;

    private ProbeService Probe => _server.Services.GetRequiredService<ProbeService>();

    public async Task InitializeAsync()
    {
        _server = await RpcTestServer.StartAsync(_pki, options =>
        {
            options.MaxUnaryDuration = s_cap;
            options.Interceptors.Add(_gate);
        });
        _channel = _server.Channel(new RpcChannelOptions { UnaryTimeout = null });
    }

    public async Task DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
        _pki.Dispose();
    }

    [Fact]
    public async Task ClientGone_CancelsTheCall()
    {
        using (var call = _channel.ServerStream(Methods.Feed, new ProbeRequest { Behaviour = "hang", Key = _key, Count = 1 }))
        {
            Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
            await Probe.Begun(_key);
        }

        await Probe.Ended(_key);
        Assert.Equal(StatusCode.Cancelled, await _gate.FirstEnding);
    }

    [Fact]
    public async Task UnaryCall_WithoutATimeout_EndsAtTheServersCap()
    {
        var error = await Assert.ThrowsAsync<RpcException>(
            () => _channel.UnaryAsync(Methods.Ask, new ProbeRequest { Behaviour = "hang", Key = _key }).WaitAsync(s_limit));
        Assert.Equal(StatusCode.DeadlineExceeded, error.StatusCode);
        await Probe.Ended(_key);
    }

    [Fact]
    public async Task UnaryCall_WithALongTimeout_IsCapped()
    {
        var before = DateTime.UtcNow;
        var response = await _channel.UnaryAsync(Methods.Ask, new ProbeRequest { Behaviour = "deadline" }, new RpcCallOptions { Timeout = TimeSpan.FromHours(100) });
        var deadline = DateTime.Parse(response.Text, null, System.Globalization.DateTimeStyles.RoundtripKind);
        Assert.InRange(deadline, before, DateTime.UtcNow + s_cap);
    }

    [Fact]
    public async Task UnaryCall_WithAShortTimeout_KeepsIt()
    {
        await _channel.UnaryAsync(Methods.Ask, new ProbeRequest());
        var response = await _channel.UnaryAsync(Methods.Ask, new ProbeRequest { Behaviour = "deadline" }, new RpcCallOptions { Timeout = s_cap * 0.9 });
        var deadline = DateTime.Parse(response.Text, null, System.Globalization.DateTimeStyles.RoundtripKind);
        Assert.True(deadline <= DateTime.UtcNow + (s_cap * 0.9));
    }

    [Theory]
    [InlineData("hang")]
    [InlineData("return-on-cancel")]
    public async Task CutStream_EndsWithTheReasonWhateverTheServiceDoes(string behaviour)
    {
        using var call = _channel.ServerStream(Methods.Feed, new ProbeRequest { Behaviour = behaviour, Key = _key, Count = 1 });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await Probe.Begun(_key);
        await _gate.Revoked.CancelAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(s_limit));
        Assert.Equal((StatusCode.Unauthenticated, "REVOKED"), (error.StatusCode, error.GetErrorInfo()?.Reason));
    }

    [Fact]
    public async Task CutStream_WaitingForRequests_Ends()
    {
        using var call = _channel.DuplexStream(Methods.Talk);
        await call.RequestStream.WriteAsync(new ProbeRequest { Key = "a" });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        await _gate.Revoked.CancelAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(s_limit));
        Assert.Equal(StatusCode.Unauthenticated, error.StatusCode);
        var write = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            // The connection takes some messages after the end; then writing says that the call is over.
            for (var i = 0; i < 1_000_000; i++)
            {
                await call.RequestStream.WriteAsync(new ProbeRequest { Key = "late" });
            }
        });
        Assert.Equal(StatusCode.Unauthenticated, write.StatusCode);
    }

    [Fact]
    public async Task Interceptor_MayRefuseACall()
    {
        var options = new RpcCallOptions { Headers = new Metadata { { "x-refuse", "yes" } } };
        var unary = await Assert.ThrowsAsync<RpcException>(() => _channel.UnaryAsync(Methods.Ask, new ProbeRequest { Key = _key }, options));
        Assert.Equal(StatusCode.PermissionDenied, unary.StatusCode);
        Assert.Equal(0, Probe.Attempts(_key));

        using var call = _channel.DuplexStream(Methods.Talk, options);
        var stream = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None));
        Assert.Equal(StatusCode.PermissionDenied, stream.StatusCode);
    }

    [Fact]
    public async Task Interceptor_MayAnswerAFailureByAnother()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => _channel.UnaryAsync(Methods.Ask, new ProbeRequest { Behaviour = "throw", Key = _key }));
        Assert.Equal(StatusCode.FailedPrecondition, error.StatusCode);
        Assert.Equal(StatusCode.FailedPrecondition, await _gate.FirstEnding);
    }

    [Fact]
    public async Task StoppingServer_CutsItsStreams()
    {
        using var call = _channel.ServerStream(Methods.Feed, new ProbeRequest { Behaviour = "hang", Key = _key, Count = 1 });
        Assert.True(await call.ResponseStream.MoveNext(CancellationToken.None));
        var stopping = _server.StopAsync();
        var error = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(s_limit));
        Assert.Equal((StatusCode.Unavailable, "SERVER_STOPPING"), (error.StatusCode, error.GetErrorInfo()?.Reason));
        await stopping.WaitAsync(s_limit);
    }

    [Fact]
    public async Task StoppingServer_TellsWatchersOfItsHealthBeforeTheirStreamsEnd()
    {
        // Nobody says so to the state here: that the server stops is enough.
        _server.Services.GetRequiredService<HealthState>().Set(HealthState.WholeServer, ServingStatus.Serving);
        using var whole = _channel.ServerStream(Methods.Watch, new HealthCheckRequest());
        using var unknown = _channel.ServerStream(Methods.Watch, new HealthCheckRequest { Service = "no.Service" });
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, await NextAsync(whole));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.ServiceUnknown, await NextAsync(unknown));

        var stopping = _server.StopAsync();
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, await NextAsync(whole));
        foreach (var watch in (RpcServerStream<HealthCheckResponse>[])[whole, unknown])
        {
            var error = await Assert.ThrowsAsync<RpcException>(() => watch.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(s_limit));
            Assert.Equal((StatusCode.Unavailable, "SERVER_STOPPING"), (error.StatusCode, error.GetErrorInfo()?.Reason));
        }

        await stopping.WaitAsync(s_limit);

        static async Task<HealthCheckResponse.Types.ServingStatus> NextAsync(RpcServerStream<HealthCheckResponse> watch)
        {
            Assert.True(await watch.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(s_limit));
            return watch.ResponseStream.Current.Status;
        }
    }

    [Fact]
    public async Task Status_SetByTheService_IsSent()
    {
        var error = await Assert.ThrowsAsync<RpcException>(() => _channel.UnaryAsync(Methods.Ask, new ProbeRequest { Behaviour = "status" }));
        Assert.Equal(new Status(StatusCode.FailedPrecondition, "set, not thrown"), error.Status);
    }

    [Fact]
    public async Task Context_NamesPeerAndMethod()
    {
        var response = await _channel.UnaryAsync(Methods.Ask, new ProbeRequest { Behaviour = "peer" });
        Assert.Matches(@"^ipv4:127\.0\.0\.1:\d+ /deconfliction\.rpc\.testing\.Probe/Ask$", response.Text);
    }

    /// <summary>Refuses on demand, cuts the streams of a revoked caller, and sees how calls end.</summary>
    private sealed class Gate : RpcInterceptor
    {
        private readonly TaskCompletionSource<StatusCode> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public CancellationTokenSource Revoked { get; } = new();

        public Task<StatusCode> FirstEnding => _ended.Task.WaitAsync(s_limit);

        public override Task InvokeAsync(ServerCallContext context, RpcCallDelegate next)
        {
            if (context.RequestHeaders.GetValue("x-refuse") is not null)
            {
                throw RichError.PermissionDenied("Not you.").ToException();
            }

            context.CutOn(Revoked.Token, RichError.Unauthenticated("The certificate is revoked.").WithInfo("REVOKED").ToException());
            return next(context);
        }

        public override Exception Failed(ServerCallContext context, Exception exception) =>
            exception is InvalidOperationException ? RichError.FailedPrecondition("Not now.").ToException() : exception;

        public override void Ended(ServerCallContext context, Status status) => _ended.TrySetResult(status.StatusCode);
    }
}
