using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Client.Identities;
using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Testing;

namespace Deconfliction.Cluster.Tests.Faults;

/// <summary>Agencies reach the gRPC port only: the port between silos takes certificates of silos and of nobody else.</summary>
[Collection(OneAtATime.Name)]
public sealed class SiloPortTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task SiloPort_NoCertificateAnAgencysAndASilos_TakesTheLastOnly()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(2, await PostgresServer.CommonAsync());
        var agency = await cluster.AddMemberAsync("alpha");
        using var silo = AgencyIdentity.Load(cluster.Shared.IdentityOf("first"));
        foreach (var target in cluster.Silos)
        {
            Assert.False(await IsTakenAsync(target.SiloPort, certificate: null));
            Assert.False(await IsTakenAsync(target.SiloPort, agency.Certificate));
            Assert.False(await IsTakenAsync(target.SiloPort, agency.Certificate, plain: true));
            Assert.True(await IsTakenAsync(target.SiloPort, silo.Certificate));
        }
    }

    // Under TLS 1.3 a refusal comes after the client's own handshake, so it shows at the first read. A silo that takes the peer begins to
    // speak, or waits for it to.
    private static async Task<bool> IsTakenAsync(int port, X509Certificate2? certificate, bool plain = false)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, limit.Token);
        var buffer = new byte[1];
        if (plain)
        {
            await client.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), limit.Token);
            return await ReadsAsync(client.GetStream(), buffer, limit.Token);
        }

        // Whom the silo takes is what is asked, not whom we take.
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "silo",
                    ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
                },
                limit.Token);
        }
        catch (Exception problem) when (problem is AuthenticationException or IOException)
        {
            return false;
        }

        return await ReadsAsync(tls, buffer, limit.Token);
    }

    private static async Task<bool> ReadsAsync(Stream stream, byte[] buffer, CancellationToken limit)
    {
        try
        {
            return await stream.ReadAsync(buffer, limit) > 0;
        }
        catch (IOException)
        {
            return false;
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }
}
