using System.Security.Cryptography.X509Certificates;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Gateway.Tests.Identity;

/// <summary>Outside authorities in place of the built-in one, each for its own trust domain: attack 2 of FAULTS.md.</summary>
public sealed class OutsideAuthorityTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _one = TestAuthority.Create("one.example");
    private readonly TestAuthority _two = TestAuthority.Create("two.example");
    private readonly List<X509Certificate2> _certificates = [];
    private TestServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(
            "--authority", _one.Save(_folder["one.pem"]), "--authority", $"two.example={_two.Save(_folder["two.pem"])}");
        using var channel = Channel(_one, "spiffe://one.example/agency/operator");
        await channel.CallAsync<CreateAgencyRequest, CreateAgencyResponse>(Agency("alpha", ""));
        await channel.CallAsync<CreateAgencyRequest, CreateAgencyResponse>(Agency("beta", "two.example"));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _certificates.ForEach(certificate => certificate.Dispose());
        _one.Dispose();
        _two.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task EachAuthority_IsBelievedForItsOwnAgencies()
    {
        await Channel(_one, "spiffe://one.example/agency/alpha").CallAsync<ListClaimsRequest, ListClaimsResponse>(new ListClaimsRequest());
        await Channel(_two, "spiffe://two.example/agency/beta").CallAsync<ListClaimsRequest, ListClaimsResponse>(new ListClaimsRequest());
    }

    [Fact]
    public async Task OneAuthority_NamingTheOthersDomain_FailsInTheHandshake()
    {
        var refused = await RefusedAsync(_two, "spiffe://one.example/agency/alpha");
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);
    }

    [Theory]
    [InlineData("alpha")]
    [InlineData("operator")]
    public async Task OneAuthority_NamingTheOthersAgencyUnderItsOwnDomain_IsUnauthenticated(string agency)
    {
        var refused = await RefusedAsync(_two, $"spiffe://two.example/agency/{agency}");
        Assert.Equal((StatusCode.Unauthenticated, "UNKNOWN_AGENCY"), (refused.StatusCode, refused.Reason()));
    }

    [Fact]
    public async Task BuiltInAuthority_IsNotBelieved()
    {
        using var stolen = TestAuthority.Stolen(_server);
        Assert.Equal(StatusCode.Unavailable, (await RefusedAsync(stolen, "spiffe://deconfliction.local/agency/alpha")).StatusCode);
    }

    [Fact]
    public async Task CertificateThatEnds_EndsItsStreamsAndCalls()
    {
        using var channel = Channel(_one, "spiffe://one.example/agency/alpha", TimeSpan.FromSeconds(10));
        using var stream = channel.ServerStream(Calls.Method<StreamAlertsRequest, StreamAlertsResponse>(), new StreamAlertsRequest());
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var cut = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.ResponseStream.MoveNext(limit.Token))
            {
            }
        });
        Assert.Equal((StatusCode.Unauthenticated, "CERTIFICATE_EXPIRED"), (cut.StatusCode, cut.Reason()));
        var refused = await channel.FailAsync<ListClaimsRequest, ListClaimsResponse>(new ListClaimsRequest());
        Assert.Equal((StatusCode.Unauthenticated, "CERTIFICATE_EXPIRED"), (refused.StatusCode, refused.Reason()));
    }

    [Fact]
    public async Task RenewOrIssueCertificate_IsForTheAuthorityToDo()
    {
        var refused = await Channel(_one, "spiffe://one.example/agency/alpha").FailAsync<RenewCertificateRequest, RenewCertificateResponse>(
            new RenewCertificateRequest { RequestId = Calls.NewId(), RequestedBy = "officer" });
        Assert.Equal("OUTSIDE_AUTHORITY", refused.Reason());
        var issue = await Channel(_one, "spiffe://one.example/agency/operator").FailAsync<IssueCertificateRequest, IssueCertificateResponse>(
            new IssueCertificateRequest { RequestId = Calls.NewId(), Agency = "alpha" });
        Assert.Equal("OUTSIDE_AUTHORITY", issue.Reason());
    }

    private Task<RpcException> RefusedAsync(TestAuthority authority, string uri) =>
        Channel(authority, uri).FailAsync<ListClaimsRequest, ListClaimsResponse>(new ListClaimsRequest());

    private RpcChannel Channel(TestAuthority authority, string uri, TimeSpan? life = null)
    {
        var certificate = authority.Sign([uri], life);
        _certificates.Add(certificate);
        return _server.Channel(certificate);
    }

    private static CreateAgencyRequest Agency(string id, string domain) => new()
    {
        RequestId = Calls.NewId(), Agency = id, Name = id, Role = AgencyRole.LawEnforcement, Contact = "desk", TrustDomain = domain,
    };
}
