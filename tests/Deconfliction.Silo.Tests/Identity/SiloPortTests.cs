using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Identity;
using Deconfliction.Silo.Tests.Hosting;
using Deconfliction.Silo.Tests.Sql;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Silo.Tests.Identity;

/// <summary>
/// The port between silos, as anybody may knock at it: a running silo takes silos of its own authority there and nobody else. Agencies
/// have no business on it.
/// </summary>
public sealed class SiloPortTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    private readonly ClusterFolder _cluster = new();
    private readonly OrleansDatabase _database = new();
    private readonly int _port = NodeProcess.FreePort();
    private SiloUnderTest _silo = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _cluster.Init("--silo-name", "one");
        _silo = await SiloUnderTest.StartAsync(_cluster, _database.ConnectionString, _port);
    }

    [Fact]
    public async Task Connect_WithASilosCertificate_IsTaken()
    {
        _cluster.Issue("two");
        using var two = _cluster.Load("two");
        Assert.True(await IsTakenAsync(two.Certificate));
    }

    [Fact]
    public async Task Connect_WithoutACertificate_IsRefused() => Assert.False(await IsTakenAsync(certificate: null));

    [Fact]
    public async Task Connect_WithAnAgencysCertificate_IsRefused()
    {
        using var agency = Agency();
        Assert.False(await IsTakenAsync(agency));
    }

    [Fact]
    public async Task Connect_WithASilosCertificateOfAnotherAuthority_IsRefused()
    {
        using var elsewhere = new ClusterFolder();
        elsewhere.Init("--silo-name", "one");
        using var stranger = elsewhere.Load("one");
        Assert.False(await IsTakenAsync(stranger.Certificate));
    }

    [Fact]
    public async Task Connect_WithACertificateThatNamesItselfASilo_IsRefused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=two", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(UriNames.Build("spiffe://deconfliction.local/silo/two"));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(1));
        using var usable = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), password: null);
        Assert.False(await IsTakenAsync(usable));
    }

    [Fact]
    public async Task Connect_InClear_IsRefused()
    {
        using var limit = new CancellationTokenSource(s_limit);
        using var client = await ConnectAsync(limit.Token);
        await client.GetStream().WriteAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), limit.Token);
        Assert.False(await SpeaksAsync(client.GetStream(), limit.Token));
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _database.DisposeAsync();
        _cluster.Dispose();
    }

    private X509Certificate2 Agency()
    {
        var options = _cluster.Options();
        var pki = new PkiFolder(options.Server.PkiFolder, options.Server.KeysFolder);
        using var authority = X509CertificateLoader.LoadCertificateFromFile(pki.AuthorityFile);
        using var authorityKey = ECDsa.Create();
        authorityKey.ImportFromPem(File.ReadAllText(pki.AuthorityKeyFile));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var bare = CertificateDraft.Agency(new SpiffeId(_cluster.Domain, AgencyId.Parse("alpha")), new PublicKey(key), authority).Create(
            authority.SubjectName, X509SignatureGenerator.CreateForECDsa(authorityKey), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3, 4]);
        using var paired = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(paired.Export(X509ContentType.Pkcs12), password: null);
    }

    // Under TLS 1.3 a refusal comes after the caller's own handshake, so what counts is whether the silo then speaks: Orleans' preamble.
    private async Task<bool> IsTakenAsync(X509Certificate2? certificate)
    {
        using var limit = new CancellationTokenSource(s_limit);
        using var client = await ConnectAsync(limit.Token);
        // Whom the silo takes is what is asked, not whom we take.
        await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, static (_, _, _, _) => true);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "silo",
                    ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true),
                },
                limit.Token);
            return await SpeaksAsync(tls, limit.Token);
        }
        catch (Exception problem) when (problem is AuthenticationException or IOException)
        {
            return false;
        }
    }

    private async Task<TcpClient> ConnectAsync(CancellationToken limit)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", _port, limit);
        return client;
    }

    // Ends either way: a silo that takes nobody hangs up. Running into the limit is neither, and fails the test.
    private static async Task<bool> SpeaksAsync(Stream stream, CancellationToken limit)
    {
        try
        {
            return await stream.ReadAsync(new byte[1], limit) > 0;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
