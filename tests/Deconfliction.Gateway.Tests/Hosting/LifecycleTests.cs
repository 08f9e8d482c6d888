using System.Net;
using System.Net.Sockets;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Deconfliction.Testing.Processes;
using Grpc.Health.V1;

namespace Deconfliction.Gateway.Tests.Hosting;

public sealed class LifecycleTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Ops_SaysLiveAndReady_AndTellsStrangersNothingElse()
    {
        await using var server = await TestServer.StartAsync();
        using var http = new HttpClient { BaseAddress = server.Host.OpsAddress };
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode);
        await Waiting.UntilAsync("ready", s_limit, async () => (await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode == HttpStatusCode.OK);
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync(new Uri("/", UriKind.Relative))).StatusCode);
        using var call = new HttpRequestMessage(HttpMethod.Post, "/deconfliction.v1.ClaimService/ListClaims") { Content = new ByteArrayContent(new byte[5]) };
        call.Content.Headers.ContentType = new("application/grpc");
        Assert.Equal(HttpStatusCode.Unauthorized, (await http.SendAsync(call)).StatusCode);
    }

    [Fact]
    public async Task GridListener_ServesNoOpsPages()
    {
        await using var server = await TestServer.StartAsync();
        var alpha = await server.AddAsync("alpha", AgencyRole.LawEnforcement);
        using var raw = new RawCalls(server, alpha.Certificate);
        Assert.Equal("12", (await raw.SendAsync("/health/ready", message: null)).Status);
    }

    [Fact]
    public async Task Health_OverGrpc_IsServing()
    {
        await using var server = await TestServer.StartAsync();
        var alpha = await server.AddAsync("alpha", AgencyRole.LawEnforcement);
        using var raw = new RawCalls(server, alpha.Certificate);
        byte[] serving = [0, 0, 0, 0, 2, 8, 1];
        await Waiting.UntilAsync(
            "SERVING", s_limit, async () => (await raw.SendAsync("/grpc.health.v1.Health/Check", message: null)).Body.SequenceEqual(serving));
    }

    [Fact]
    public async Task Stop_EndsStreamsWithUnavailable_InTime()
    {
        await using var server = await TestServer.StartAsync();
        var alpha = await server.AddAsync("alpha", AgencyRole.LawEnforcement);
        using var stream = alpha.Channel.ServerStream(Calls.Method<StreamAlertsRequest, StreamAlertsResponse>(), new StreamAlertsRequest());
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        var stopping = server.Host.StopAsync();
        var ended = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.ResponseStream.MoveNext(CancellationToken.None))
            {
            }
        });
        Assert.Equal((StatusCode.Unavailable, "SERVER_STOPPING"), (ended.StatusCode, ended.Reason()));
        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains("The server is now: stopping", server.Log.Text);
    }

    [Fact]
    public async Task Stop_AWatchOfItsHealth_IsToldNotServingBeforeItEnds()
    {
        await using var server = await TestServer.StartAsync();
        var alpha = await server.AddAsync("alpha", AgencyRole.LawEnforcement);
        using var http = new HttpClient { BaseAddress = server.Host.OpsAddress };
        await Waiting.UntilAsync("ready", s_limit, async () => (await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).IsSuccessStatusCode);
        var watch = RpcMethod.From<HealthCheckRequest, HealthCheckResponse>(HealthReflection.Descriptor.Services[0].FindMethodByName("Watch"));
        using var stream = alpha.Channel.ServerStream(watch, new HealthCheckRequest());
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(s_limit));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.Serving, stream.ResponseStream.Current.Status);

        var stopping = server.Host.StopAsync();
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(s_limit));
        Assert.Equal(HealthCheckResponse.Types.ServingStatus.NotServing, stream.ResponseStream.Current.Status);
        var ended = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(s_limit));
        Assert.Equal((StatusCode.Unavailable, "SERVER_STOPPING"), (ended.StatusCode, ended.Reason()));
        await stopping.WaitAsync(TimeSpan.FromSeconds(30));
    }

    // A balancer that got no answer about the server's health would take it for dead, and cut the connection of the call.
    [Fact]
    public async Task Stop_WhileACallIsUnderWay_OpsSaysStoppingUntilItIsAnswered()
    {
        await using var server = await TestServer.StartAsync();
        var alpha = await server.AddAsync("alpha", AgencyRole.LawEnforcement);
        using var http = new HttpClient { BaseAddress = server.Host.OpsAddress };
        using var raw = new RawCalls(server, alpha.Certificate);
        using var held = new HeldContent();
        var underWay = raw.SendAsync("/deconfliction.v1.ClaimService/ListClaims", held);
        await held.Begun.WaitAsync(s_limit);
        // What came after it on the same connection is answered, so that the server has begun with it.
        Assert.Equal("0", (await raw.SendAsync("/deconfliction.v1.ClaimService/ListClaims", message: null)).Status);

        var stopping = server.Host.StopAsync();
        await Waiting.UntilAsync("agencies can connect no more", s_limit, async () => !await ConnectsAsync(server.Host.Address.Port));
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode);
        held.Release();
        Assert.Equal("0", (await underWay.WaitAsync(s_limit)).Status);
        await stopping.WaitAsync(s_limit);
        Assert.False(await ConnectsAsync(server.Host.OpsAddress.Port));
    }

    [Fact]
    public async Task SecondServer_OnTheSameStore_IsToldWhoHoldsIt()
    {
        using var folder = new TemporaryFolder();
        await using var first = await TestServer.StartOnAsync(folder.Path);
        var refused = await Assert.ThrowsAsync<Deconfliction.Ledger.StoreInUseException>(() => TestServer.StartOnAsync(folder.Path));
        Assert.Contains(Environment.ProcessId.ToString(), refused.Message);
    }

    [Fact]
    public async Task Restart_KeepsClaims()
    {
        using var folder = new TemporaryFolder();
        string claim;
        System.Security.Cryptography.X509Certificates.X509Certificate2 certificate;
        await using (var first = await TestServer.StartOnAsync(folder.Path))
        {
            var alpha = await first.AddAsync("alpha", AgencyRole.LawEnforcement);
            claim = (await alpha.ClaimAsync("20.9.9.9")).Claim.Claim_;
            certificate = System.Security.Cryptography.X509Certificates.X509CertificateLoader.LoadPkcs12(
                alpha.Certificate.Export(System.Security.Cryptography.X509Certificates.X509ContentType.Pkcs12), password: null);
        }

        await using var second = await TestServer.StartOnAsync(folder.Path);
        var read = await second.Channel(certificate).CallAsync<GetClaimRequest, GetClaimResponse>(new GetClaimRequest { Claim = claim });
        Assert.Equal("20.9.9.9", read.Claim.Identifier);
        certificate.Dispose();
    }

    [Fact]
    public async Task Backup_OfARunningServer_RestoresUnderTheSameKeys_AndUnderNoOthers()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        var options = TestServer.Options("--data", folder.Path).Options!;
        await using (var server = await TestServer.StartOnAsync(folder.Path))
        {
            await Deconfliction.Server.Hosting.StoreCommands.BackupAsync(options, folder["backup.zip"], CancellationToken.None);
        }

        var target = TestServer.Options("--data", other.Path).Options!;
        using var logging = Microsoft.Extensions.Logging.LoggerFactory.Create(_ => { });
        await Assert.ThrowsAsync<Deconfliction.Server.Hosting.StartException>(
            () => Deconfliction.Server.Hosting.StoreCommands.RestoreAsync(target, folder["backup.zip"], logging, CancellationToken.None));
        foreach (var part in new[] { "keys", "pki" })
        {
            Directory.CreateDirectory(other[part]);
            foreach (var file in Directory.EnumerateFiles(folder[part]))
            {
                File.Copy(file, Path.Combine(other[part], Path.GetFileName(file)));
            }
        }

        var told = await Deconfliction.Server.Hosting.StoreCommands.RestoreAsync(target, folder["backup.zip"], logging, CancellationToken.None);
        Assert.Contains("restored as of", told);
        await using var restored = await TestServer.StartOnAsync(other.Path);
        using var channel = restored.Operator();
        Assert.Single((await channel.CallAsync<ListAgenciesRequest, ListAgenciesResponse>(new ListAgenciesRequest())).Agencies);
    }

    [Fact]
    public async Task Restore_UnderTheKeysOfAnotherStore_SaysThatTheStoreIsThereAndItsKeysAreNot()
    {
        using var folder = new TemporaryFolder();
        using var other = new TemporaryFolder();
        await (await TestServer.StartOnAsync(folder.Path)).DisposeAsync();
        await (await TestServer.StartOnAsync(other.Path)).DisposeAsync();
        await Deconfliction.Server.Hosting.StoreCommands.BackupAsync(
            TestServer.Options("--data", folder.Path).Options!, folder["backup.zip"], CancellationToken.None);
        Directory.Delete(other["store"], recursive: true);
        var target = TestServer.Options("--data", other.Path).Options!;
        using var logging = Microsoft.Extensions.Logging.LoggerFactory.Create(_ => { });

        var refused = await Assert.ThrowsAnyAsync<Exception>(
            () => Deconfliction.Server.Hosting.StoreCommands.RestoreAsync(target, folder["backup.zip"], logging, CancellationToken.None));

        Assert.StartsWith($"{folder["backup.zip"]} was restored, and need not be again, but", refused.Message, StringComparison.Ordinal);
        File.Copy(folder["keys/ring.json"], other["keys/ring.json"], overwrite: true);
        File.Copy(folder["keys/authority.key"], other["keys/authority.key"], overwrite: true);
        File.Copy(folder["pki/ca.pem"], other["pki/ca.pem"], overwrite: true);
        File.Copy(folder["pki/operator.pem"], other["pki/operator.pem"], overwrite: true);
        await using var restored = await TestServer.StartOnAsync(other.Path);
        using var channel = restored.Operator();
        Assert.Single((await channel.CallAsync<ListAgenciesRequest, ListAgenciesResponse>(new ListAgenciesRequest())).Agencies);
    }

    private static async Task<bool> ConnectsAsync(int port)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>An empty message that is sent only when it is let go.</summary>
    private sealed class HeldContent : HttpContent
    {
        private readonly TaskCompletionSource _begun = new();
        private readonly TaskCompletionSource _released = new();

        public Task Begun => _begun.Task;

        public void Release() => _released.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.FlushAsync();
            _begun.SetResult();
            await _released.Task;
            await stream.WriteAsync(new byte[5]);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
