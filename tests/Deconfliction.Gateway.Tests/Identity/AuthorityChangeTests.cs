using System.Security.Cryptography.X509Certificates;
using Deconfliction.Client.Identities;
using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Keys;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Gateway.Tests.Identity;

/// <summary>A new authority takes the place of the grid's own, step by step, and no agency is shut out meanwhile.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class AuthorityChangeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _next = new();
    private readonly List<IDisposable> _owned = [];

    private string Authority => _folder["pki/ca.pem"];

    private string Key => _folder["keys/authority.key"];

    public void Dispose()
    {
        _owned.ForEach(static one => one.Dispose());
        _folder.Dispose();
        _next.Dispose();
    }

    [Fact]
    public async Task Change_InThreeSteps_AgenciesGoOnAllTheWhile()
    {
        X509Certificate2 before;
        await using (var server = await TestServer.StartOnAsync(_folder.Path))
        {
            before = Own((await server.AddAsync("alpha", AgencyRole.LawEnforcement)).Certificate);
        }

        var old = await File.ReadAllTextAsync(Authority);
        var made = await MakeNextAsync();

        // Both are trusted, the old one signs.
        await File.WriteAllTextAsync(Authority, old + made);
        X509Certificate2 renewed;
        await using (var server = await TestServer.StartOnAsync(_folder.Path))
        {
            await ListAsync(server, before, trusting: old);
            (renewed, var told) = await RenewAsync(server, before, trusting: old);
            Assert.Equal(old + made, told);
            Assert.True(IsBy(old, renewed));
        }

        // Both are trusted, the new one signs: also the server's own certificate, so agencies must have been told by now.
        File.Copy(_next["keys/authority.key"], Key, overwrite: true);
        await File.WriteAllTextAsync(Authority, made + old);
        X509Certificate2 after;
        await using (var server = await TestServer.StartOnAsync(_folder.Path))
        {
            await ListAsync(server, renewed, trusting: old + made);
            var unaware = await Assert.ThrowsAsync<RpcException>(() => ListAsync(server, renewed, trusting: old));
            Assert.Equal(StatusCode.Unavailable, unaware.StatusCode);
            (after, _) = await RenewAsync(server, renewed, trusting: old + made);
            Assert.True(IsBy(made, after));
        }

        // The old one is not trusted any more.
        await File.WriteAllTextAsync(Authority, made);
        await using (var server = await TestServer.StartOnAsync(_folder.Path))
        {
            await ListAsync(server, after, trusting: made);
            var shutOut = await Assert.ThrowsAsync<RpcException>(() => ListAsync(server, renewed, trusting: made));
            Assert.Equal(StatusCode.Unavailable, shutOut.StatusCode);
        }
    }

    [Fact]
    public async Task AnotherDomainsAuthority_InTheBundle_IsRefusedAtTheStart()
    {
        await (await TestServer.StartOnAsync(_folder.Path)).DisposeAsync();
        using var other = TestAuthority.Create("elsewhere.example");
        await File.AppendAllTextAsync(Authority, other.Certificate.ExportCertificatePem());
        var refused = await Assert.ThrowsAsync<PkiException>(() => TestServer.StartOnAsync(_folder.Path));
        Assert.Contains("another trust domain", refused.Message);
    }

    [Fact]
    public async Task TheKeyOfTheSecond_IsRefusedAtTheStart()
    {
        await (await TestServer.StartOnAsync(_folder.Path)).DisposeAsync();
        await File.WriteAllTextAsync(Authority, await MakeNextAsync() + await File.ReadAllTextAsync(Authority));
        var refused = await Assert.ThrowsAsync<PkiException>(() => TestServer.StartOnAsync(_folder.Path));
        Assert.Contains("the first is the one that signs", refused.Message);
    }

    // As 'deconfliction-silo init' into another folder does.
    private async Task<string> MakeNextAsync()
    {
        var pki = new PkiFolder(_next["pki"], _next["keys"]);
        Assert.True(TrustDomain.TryParse("deconfliction.local", out var domain));
        pki.OpenAuthority(domain, KeyRing.Create(), storeIsNew: true, TimeProvider.System).Dispose();
        return await File.ReadAllTextAsync(pki.AuthorityFile);
    }

    private static async Task ListAsync(TestServer server, X509Certificate2 certificate, string trusting)
    {
        using var channel = Channel(server, certificate, trusting);
        await channel.CallAsync<ListClaimsRequest, ListClaimsResponse>(new ListClaimsRequest());
    }

    private async Task<(X509Certificate2 Certificate, string Authorities)> RenewAsync(TestServer server, X509Certificate2 certificate, string trusting)
    {
        var pair = CertificateRequestPair.Create("alpha");
        using var channel = Channel(server, certificate, trusting);
        var response = await channel.CallAsync<RenewCertificateRequest, RenewCertificateResponse>(
            new RenewCertificateRequest { RequestId = Calls.NewId(), RequestedBy = "officer-of-alpha", CsrPem = pair.RequestPem });
        var renewed = TestCertificates.WithKey(response.CertificatePem, pair.KeyPem);
        _owned.Add(renewed);
        return (renewed, response.CaPem);
    }

    private static bool IsBy(string authorityPem, X509Certificate2 certificate)
    {
        using var authority = X509Certificate2.CreateFromPem(authorityPem);
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        return chain.Build(certificate);
    }

    private static RpcChannel Channel(TestServer server, X509Certificate2 certificate, string trusting)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPem(trusting);
        return new RpcChannel(new Uri($"https://localhost:{server.Host.Address.Port}"), new RpcChannelOptions
        {
            ClientCertificate = certificate,
            TrustedAuthorities = authorities,
            UnaryTimeout = TimeSpan.FromSeconds(30),
            Retry = new RpcRetryPolicy { MaxAttempts = 1 },
        });
    }

    // The server's own copy goes with it.
    private X509Certificate2 Own(X509Certificate2 certificate)
    {
        var copy = X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        _owned.Add(copy);
        return copy;
    }
}
