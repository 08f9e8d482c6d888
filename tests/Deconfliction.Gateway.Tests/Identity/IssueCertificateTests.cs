using System.Security.Cryptography.X509Certificates;
using Deconfliction.Client.Identities;
using Deconfliction.Gateway.Agencies;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Gateway.Tests.Identity;

/// <summary>An operator has a certificate issued for an agency that cannot ask for one itself: its own has expired, or was lost.</summary>
[Collection(SharedServerTests.Name)]
public sealed class IssueCertificateTests(SharedServer shared)
{
    private static readonly ListClaimsRequest s_list = new();

    [Fact]
    public async Task IssueCertificate_ForAnAgencyWhoseOwnHasExpired_LetsItInAgain()
    {
        var lapsed = await shared.Server.AddAsync("lapsed", AgencyRole.LawEnforcement);
        var claim = await lapsed.ClaimAsync();
        using var stolen = TestAuthority.Stolen(shared.Server);
        using var expired = stolen.Sign(
            ["spiffe://deconfliction.local/agency/lapsed"], life: TimeSpan.FromMinutes(-1), age: TimeSpan.FromDays(365),
            serial: Convert.FromHexString(lapsed.Certificate.SerialNumber));
        var refused = await shared.Server.Channel(expired).FailAsync<ListClaimsRequest, ListClaimsResponse>(s_list);
        Assert.Equal(StatusCode.Unavailable, refused.StatusCode);

        var (issued, certificate) = await IssueAsync("lapsed");

        using (certificate)
        {
            Assert.Equal(certificate.SerialNumber, issued.Certificate.Serial);
            Assert.Equal("CN=lapsed", certificate.Subject);
            var listed = await shared.Server.Channel(certificate).CallAsync<ListClaimsRequest, ListClaimsResponse>(s_list);
            Assert.Equal(claim.Claim.Claim_, Assert.Single(listed.Claims).Claim_);

            // As with a renewal: what is still valid stays so until it expires.
            await lapsed.Channel.CallAsync<ListClaimsRequest, ListClaimsResponse>(s_list);
        }
    }

    [Fact]
    public async Task IssueCertificate_IsToldToTheAgency_AndIsOnTheRecordAsTheOperators()
    {
        var agency = await shared.Server.AddAsync("told", AgencyRole.Hotline);
        var (issued, certificate) = await IssueAsync("told");
        certificate.Dispose();

        using var stream = agency.Channel.ServerStream(Calls.Method<StreamAlertsRequest, StreamAlertsResponse>(), new StreamAlertsRequest());
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        Alert? alert = null;
        while (alert is null && await stream.ResponseStream.MoveNext(limit.Token))
        {
            alert = stream.ResponseStream.Current.Alert;
        }

        Assert.Equal(
            (AlertKind.CertificateIssued, issued.Certificate.Serial, issued.Certificate.NotAfter),
            (alert!.AlertKind, alert.CertificateSerial, alert.ExpireTime));
        var record = await shared.ByRole[AgencyRole.Auditor].Channel.CallAsync<ListAuditEntriesRequest, ListAuditEntriesResponse>(
            new ListAuditEntriesRequest { Agency = "operator", PageSize = 1_000 });
        var entry = Assert.Single(record.Entries, entry => entry is { Operation: "RenewCertificate", SubjectAgency: "told" });
        Assert.Equal(("DONE", "desk-1"), (entry.Outcome, entry.RequestedBy));
    }

    [Fact]
    public async Task IssueCertificate_Repeated_GivesTheSameOneAgain()
    {
        await shared.Server.AddAsync("twice", AgencyRole.Industry);
        var pair = CertificateRequestPair.Create("twice");
        var request = Request("twice", pair.RequestPem);
        using var channel = shared.Server.Operator();
        var first = await channel.CallAsync<IssueCertificateRequest, IssueCertificateResponse>(request);
        var again = await channel.CallAsync<IssueCertificateRequest, IssueCertificateResponse>(request);
        Assert.Equal(first.Certificate, again.Certificate);

        var reused = await channel.FailAsync<IssueCertificateRequest, IssueCertificateResponse>(new IssueCertificateRequest(request) { Agency = "alpha" });
        Assert.Equal("REQUEST_ID_REUSED", reused.Reason());
    }

    [Fact]
    public async Task IssueCertificate_WhileTheAgencyHasAValidOne_IsRefusedUnlessItsKeyWasLost()
    {
        await shared.Server.AddAsync("has-one", AgencyRole.Hotline);
        var request = Request("has-one", CertificateRequestPair.Create("has-one").RequestPem);
        request.KeyLost = false;
        using var channel = shared.Server.Operator();

        var refused = await channel.FailAsync<IssueCertificateRequest, IssueCertificateResponse>(request);

        Assert.Equal((StatusCode.FailedPrecondition, "CERTIFICATE_STILL_VALID"), (refused.StatusCode, refused.Reason()));
        Assert.Equal(["key_lost"], refused.Fields());
        var listed = await channel.CallAsync<ListAgenciesRequest, ListAgenciesResponse>(new ListAgenciesRequest { PageSize = 1_000 });
        Assert.Single(listed.Agencies.Single(agency => agency.Agency_ == "has-one").Certificates);
        request.KeyLost = true;
        await channel.CallAsync<IssueCertificateRequest, IssueCertificateResponse>(request);
    }

    [Theory]
    [InlineData("live", 1, false, true)]
    [InlineData("live", 0, false, false)]
    [InlineData("live", -1, false, false)]
    [InlineData("live", 1, true, false)]
    [InlineData("asked", 1, false, false)]
    public void ValidUntil_IsOfWhatTheAgencyCanRenewBy(string serial, int daysLeft, bool isRevoked, bool isValid)
    {
        var now = DateTimeOffset.UnixEpoch.AddYears(50);
        var certificate = new CertificateRecord(serial, now.AddYears(-1), now.AddDays(daysLeft), isRevoked, ExpiryAnnounced: false);
        var agency = new AgencyRecord(Domain.Agencies.AgencyId.Parse("a1"), "A", Domain.Agencies.AgencyRole.Hotline, "desk", IsRevoked: false, now, [certificate]);

        Assert.Equal(isValid ? certificate.NotAfter : null, CertificateIssuing.ValidUntil(agency, "asked", now));
    }

    [Fact]
    public async Task IssueCertificate_ForARevokedAgencyOrNone_IsRefused()
    {
        await shared.Server.AddAsync("gone", AgencyRole.LawEnforcement);
        using var channel = shared.Server.Operator();
        await channel.CallAsync<RevokeAgencyRequest, RevokeAgencyResponse>(new RevokeAgencyRequest { RequestId = Calls.NewId(), Agency = "gone" });
        var pair = CertificateRequestPair.Create("gone");

        var revoked = await channel.FailAsync<IssueCertificateRequest, IssueCertificateResponse>(Request("gone", pair.RequestPem));
        var unknown = await channel.FailAsync<IssueCertificateRequest, IssueCertificateResponse>(Request("never-was", pair.RequestPem));

        Assert.Equal((StatusCode.FailedPrecondition, "AGENCY_REVOKED"), (revoked.StatusCode, revoked.Reason()));
        Assert.Equal((StatusCode.NotFound, "AGENCY_NOT_FOUND"), (unknown.StatusCode, unknown.Reason()));
    }

    private async Task<(IssueCertificateResponse Issued, X509Certificate2 Certificate)> IssueAsync(string agency)
    {
        var pair = CertificateRequestPair.Create("whatever it says");
        using var channel = shared.Server.Operator();
        var issued = await channel.CallAsync<IssueCertificateRequest, IssueCertificateResponse>(Request(agency, pair.RequestPem));
        return (issued, TestCertificates.WithKey(issued.CertificatePem, pair.KeyPem));
    }

    private static IssueCertificateRequest Request(string agency, string csr) => new()
    {
        RequestId = Calls.NewId(), RequestedBy = "desk-1", Agency = agency, CsrPem = csr, KeyLost = true,
    };
}
