using System.Security.Cryptography.X509Certificates;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Gateway.Tests.Identity;

/// <summary>Attacks 1 and 3 of FAULTS.md.</summary>
[Collection(SharedServerTests.Name)]
public sealed class ClientCertificateTests(SharedServer shared)
{
    private const string Alpha = "spiffe://deconfliction.local/agency/alpha";

    private static readonly ListClaimsRequest s_list = new();

    private Task<RpcException> RefusedAsync(X509Certificate2? certificate) =>
        shared.Server.Channel(certificate).FailAsync<ListClaimsRequest, ListClaimsResponse>(s_list);

    [Fact]
    public async Task NoCertificate_FailsInTheHandshake() =>
        Assert.Equal(StatusCode.Unavailable, (await RefusedAsync(certificate: null)).StatusCode);

    [Fact]
    public async Task OtherAuthority_FailsInTheHandshake()
    {
        using var other = TestAuthority.Create("deconfliction.local");
        using var certificate = other.Sign([Alpha]);
        Assert.Equal(StatusCode.Unavailable, (await RefusedAsync(certificate)).StatusCode);
        Assert.Contains("UNTRUSTED_CERTIFICATE", shared.Server.Log.Text);
    }

    [Fact]
    public async Task ExpiredCertificate_FailsInTheHandshake()
    {
        using var stolen = TestAuthority.Stolen(shared.Server);
        using var certificate = stolen.Sign([Alpha], life: TimeSpan.FromMinutes(-1), age: TimeSpan.FromMinutes(5));
        Assert.Equal(StatusCode.Unavailable, (await RefusedAsync(certificate)).StatusCode);
    }

    [Theory]
    [InlineData("AMBIGUOUS_CERTIFICATE", "spiffe://deconfliction.local/agency/alpha", "spiffe://deconfliction.local/agency/beta")]
    [InlineData("AMBIGUOUS_CERTIFICATE", "spiffe://deconfliction.local/agency/alpha", "https://example.com/")]
    [InlineData("NO_AGENCY_IN_CERTIFICATE")]
    [InlineData("NO_AGENCY_IN_CERTIFICATE", "spiffe://deconfliction.local/agency/alpha/desk")]
    [InlineData("NO_AGENCY_IN_CERTIFICATE", "spiffe://deconfliction.local/agency/al%70ha")]
    [InlineData("NO_AGENCY_IN_CERTIFICATE", "spiffe://deconfliction.local/agency/alpha?x=1")]
    [InlineData("UNKNOWN_AGENCY", "spiffe://deconfliction.local/agency/nobody")]
    [InlineData("UNKNOWN_AGENCY", "spiffe://deconfliction.local/agency/grid")]
    public async Task CertificateThatNamesNoMember_IsUnauthenticated(string reason, params string[] uris)
    {
        using var stolen = TestAuthority.Stolen(shared.Server);
        using var certificate = stolen.Sign(uris);
        var refused = await RefusedAsync(certificate);
        Assert.Equal((StatusCode.Unauthenticated, reason), (refused.StatusCode, refused.Reason()));
    }

    [Fact]
    public async Task CertificateThatWasNeverIssued_IsUnauthenticated()
    {
        // The authority's key is not enough: what it issued is on record.
        using var stolen = TestAuthority.Stolen(shared.Server);
        using var certificate = stolen.Sign([Alpha]);
        var refused = await RefusedAsync(certificate);
        Assert.Equal((StatusCode.Unauthenticated, "UNKNOWN_AGENCY"), (refused.StatusCode, refused.Reason()));
    }

    [Fact]
    public async Task OtherTrustDomain_FailsInTheHandshake()
    {
        using var stolen = TestAuthority.Stolen(shared.Server);
        using var certificate = stolen.Sign(["spiffe://elsewhere.example/agency/alpha"]);
        Assert.Equal(StatusCode.Unavailable, (await RefusedAsync(certificate)).StatusCode);
    }

    [Fact]
    public async Task RevokedAgency_IsRefused_AndItsOpenStreamIsCut()
    {
        var doomed = await shared.Server.AddAsync("doomed", AgencyRole.LawEnforcement);
        using var stream = doomed.Channel.ServerStream(
            Calls.Method<StreamAlertsRequest, StreamAlertsResponse>(), new StreamAlertsRequest());
        Assert.True(await stream.ResponseStream.MoveNext(CancellationToken.None));
        using var channel = shared.Server.Operator();
        var revoked = await channel.CallAsync<RevokeAgencyRequest, RevokeAgencyResponse>(
            new RevokeAgencyRequest { RequestId = Calls.NewId(), Agency = "doomed" });
        Assert.Equal(AgencyState.Revoked, revoked.Agency.State);

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var cut = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (await stream.ResponseStream.MoveNext(limit.Token))
            {
            }
        });
        Assert.Equal((StatusCode.Unauthenticated, "CERTIFICATE_REVOKED"), (cut.StatusCode, cut.Reason()));
        var refused = await doomed.Channel.FailAsync<ListClaimsRequest, ListClaimsResponse>(s_list);
        Assert.Equal((StatusCode.Unauthenticated, "CERTIFICATE_REVOKED"), (refused.StatusCode, refused.Reason()));
    }

    [Fact]
    public async Task IdentityInMetadata_MeansNothing()
    {
        using var raw = new RawCalls(shared.Server, shared.ByRole[AgencyRole.Auditor].Certificate);
        var pem = Uri.EscapeDataString(shared.Alpha.Certificate.ExportCertificatePem());
        var answer = await raw.SendAsync(
            "/deconfliction.v1.ClaimService/ListClaims", s_list, isStream: false,
            ("x-forwarded-client-cert", $"Hash=1;Cert=\"{pem}\";URI={Alpha}"), ("x-agency", "alpha"), ("authorization", "Bearer alpha"),
            ("x-client-cert", pem), ("forwarded", "for=127.0.0.1;by=alpha"));
        Assert.Equal("7", answer.Status);
    }
}
