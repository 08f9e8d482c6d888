using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Testing;

namespace Deconfliction.Rpc.Tests.Client;

/// <summary>A server that ends a connection: after TLS stood and before its first word, in each way in which that may show, and later.</summary>
public sealed class EndedAfterHandshakeTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private const byte Data = 0;
    private const byte Headers = 1;

    // An empty SETTINGS frame: HTTP/2's first word.
    private static readonly byte[] Settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];

    // GOAWAY with NO_ERROR, which promises nothing: the call's own stream (1) counts as seen (RFC 9113, section 6.8).
    private static readonly byte[] GoAway = [0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0];
    private readonly TestPki _pki = new();

    [Theory]
    [InlineData("end")]
    [InlineData("reset")]
    [InlineData("reset while the client waits")]
    [InlineData("refuse the certificate")]
    public async Task Call_EndedBeforeTheFirstWord_SaysSo(string how)
    {
        var problem = await CallAsync(how);
        Assert.Equal(StatusCode.Unavailable, problem.StatusCode);
        Assert.True(WasEndedAfterHandshake(problem), problem.ToString());
    }

    [Fact]
    public async Task Call_EndedAfterTheFirstWord_IsAConnectionThatBroke()
    {
        var problem = await CallAsync("speak, then end");
        Assert.Equal(StatusCode.Unavailable, problem.StatusCode);
        Assert.False(WasEndedAfterHandshake(problem), problem.ToString());
    }

    [Fact]
    public async Task Call_WhoseServerGoesAwayBeforeItsAnswer_IsUnavailable()
    {
        var problem = await CallAsync("go away");
        Assert.Equal(StatusCode.Unavailable, problem.StatusCode);
        Assert.False(WasEndedAfterHandshake(problem), problem.ToString());
    }

    [Fact]
    public async Task Call_SentOnceAndThenFindingNobody_MayHaveBeenDone()
    {
        var problem = await CallAsync("go away and be gone");
        Assert.Equal(StatusCode.Unavailable, problem.StatusCode);
        Assert.True(problem.WasSent, problem.ToString());
        Assert.Contains("ConnectionRefused", problem.Status.Detail);
    }

    [Fact]
    public async Task Call_ThatFindsNobody_CannotHaveBeenDone()
    {
        using var channel = new RpcChannel(new Uri("https://localhost:1"));
        var problem = await Assert.ThrowsAsync<RpcException>(() => channel.UnaryAsync(Methods.EmptyCall.AsRetrySafe(), new Empty()));
        Assert.Equal(StatusCode.Unavailable, problem.StatusCode);
        Assert.False(problem.WasSent, problem.ToString());
    }

    public void Dispose() => _pki.Dispose();

    private static bool WasEndedAfterHandshake(Exception problem)
    {
        for (var cause = problem; cause is not null; cause = cause.InnerException!)
        {
            if (cause is EndedAfterHandshakeException)
            {
                return true;
            }
        }

        return false;
    }

    private async Task<RpcException> CallAsync(string how)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        var serving = ServeAsync(listener, how, stop.Token);
        using var channel = new RpcChannel(new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"), new RpcChannelOptions
        {
            ClientCertificate = _pki.Client, TrustedAuthorities = [_pki.Authority],
        });
        var call = channel.UnaryAsync(Methods.EmptyCall, new Empty(), new RpcCallOptions { RetrySafe = how == "go away and be gone" });
        var problem = await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(Limit));
        await stop.CancelAsync();
        await serving.WaitAsync(Limit);
        return problem;
    }

    private async Task ServeAsync(TcpListener listener, string how, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(stop);
                await EndAsync(client, how, listener, stop);
                if (how == "go away and be gone")
                {
                    return;
                }
            }
            catch (Exception problem) when (problem is AuthenticationException or IOException or OperationCanceledException)
            {
                // It was to be refused, or the test is over.
            }
        }
    }

    private async Task EndAsync(TcpClient client, string how, TcpListener listener, CancellationToken stop)
    {
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificate = _pki.Server,
                ClientCertificateRequired = true,
                ApplicationProtocols = [SslApplicationProtocol.Http2],
                RemoteCertificateValidationCallback = (_, _, _, _) => how != "refuse the certificate",
            },
            stop);
        if (how == "reset while the client waits")
        {
            await ReadUntilAsync(tls, Headers, stop);
        }

        if (how.StartsWith("reset", StringComparison.Ordinal))
        {
            client.LingerState = new LingerOption(enable: true, 0);
            client.Close();
        }
        else if (how == "speak, then end")
        {
            await tls.WriteAsync(Settings, stop);
        }
        else if (how.StartsWith("go away", StringComparison.Ordinal))
        {
            await tls.WriteAsync(Settings, stop);
            await ReadUntilAsync(tls, how == "go away" ? Headers : Data, stop);
            if (how == "go away and be gone")
            {
                listener.Stop();
            }

            await tls.WriteAsync(GoAway, stop);
        }
    }

    // The client's preface of 24 bytes, then frames with a header of nine: the length first, the type fourth (RFC 9113, sections 3.4 and 4.1).
    private static async Task ReadUntilAsync(SslStream tls, byte type, CancellationToken stop)
    {
        await tls.ReadExactlyAsync(new byte[24], stop);
        var header = new byte[9];
        do
        {
            await tls.ReadExactlyAsync(header, stop);
            await tls.ReadExactlyAsync(new byte[(header[0] << 16) | (header[1] << 8) | header[2]], stop);
        }
        while (header[3] != type);
    }
}
