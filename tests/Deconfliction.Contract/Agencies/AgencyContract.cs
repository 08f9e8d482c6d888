using System.Diagnostics;
using Deconfliction.Client;
using Deconfliction.Client.Identities;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.Agencies;

/// <summary>Members come and go by one node, and it holds at all.</summary>
public abstract class AgencyContract(SharedGrid shared)
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly TimeSpan CutLimit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Add_AtOneNode_IsServedByEveryOther()
    {
        var added = await shared.Grid.AddMemberAsync(SharedGrid.Unused("added"));
        foreach (var node in shared.Grid.Nodes)
        {
            Assert.Equal(added.Agency, await WhoAsync(added.At(node)));
        }
    }

    [Fact]
    public async Task Add_TheSameIdElsewhere_IsRefused()
    {
        var added = await shared.Grid.AddMemberAsync(SharedGrid.Unused("added"));
        var refused = await Assert.ThrowsAsync<GridException>(() => shared.Grid.OperatorMember.Elsewhere.Agencies.CreateAsync(
            new CreateAgencyRequest
            {
                Agency = added.Agency, Name = "x", Role = AgencyRole.Industry, Contact = "x", CsrPem = CertificateRequestPair.Create("x").RequestPem,
            },
            None));
        Assert.Equal("ALREADY_EXISTS", refused.Error.Status);
    }

    [Fact]
    public async Task Add_TheSameIdAtAllNodesAtOnce_OneWins()
    {
        for (var round = 0; round < 5; round++)
        {
            var id = SharedGrid.Unused("contested");
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 6).Select(async number =>
            {
                var client = shared.Grid.OperatorMember.At(shared.Grid.Nodes[number % shared.Grid.Nodes.Count]);
                var request = new CreateAgencyRequest
                {
                    Agency = id, Name = $"{number}", Role = AgencyRole.Hotline, Contact = "x", CsrPem = CertificateRequestPair.Create(id).RequestPem,
                };
                return (await Record.ExceptionAsync(() => client.Agencies.CreateAsync(request, None)) as GridException)?.Error.Status ?? "OK";
            }));

            Assert.Equal(["ALREADY_EXISTS", "ALREADY_EXISTS", "ALREADY_EXISTS", "ALREADY_EXISTS", "ALREADY_EXISTS", "OK"], outcomes.Order());
        }
    }

    [Fact]
    public async Task Revoke_WhileItsCertificateIsRenewedElsewhere_Stays()
    {
        for (var round = 0; round < 5; round++)
        {
            var agency = await shared.Grid.AddMemberAsync(SharedGrid.Unused("renewing"));
            var renewals = agency.Others.Concat(agency.Others).Select(async url =>
            {
                var request = new RenewCertificateRequest { CsrPem = CertificateRequestPair.Create(agency.Agency).RequestPem };
                await Record.ExceptionAsync(() => agency.At(url).Agencies.RenewCertificateAsync(request, None));
            }).ToList();
            await shared.Grid.OperatorMember.Client.Agencies.RevokeAsync(new RevokeAgencyRequest { Agency = agency.Agency }, None);
            await Task.WhenAll(renewals);

            var listed = await shared.Grid.OperatorMember.Elsewhere.Agencies.ListAsync(None).ToListAsync();
            var found = Assert.Single(listed, one => one.Agency_ == agency.Agency);
            Assert.Equal(AgencyState.Revoked, found.State);
            Assert.All(found.Certificates, certificate => Assert.True(certificate.Revoked));
        }
    }

    [Fact]
    public async Task List_AtEveryNode_IsTheSame()
    {
        var added = await shared.Grid.AddMemberAsync(SharedGrid.Unused("listed"), AgencyRole.Hotline);
        foreach (var node in shared.Grid.Nodes)
        {
            var listed = await shared.Grid.OperatorMember.At(node).Agencies.ListAsync(None).ToListAsync();
            var found = Assert.Single(listed, agency => agency.Agency_ == added.Agency);
            Assert.Equal((AgencyRole.Hotline, AgencyState.Active), (found.Role, found.State));
        }
    }

    [Fact]
    public async Task Revoke_CutsOpenStreamsAtEveryNodeWithinAMinute_AndRefusesFromThenOn()
    {
        var revoked = await shared.Grid.AddMemberAsync(SharedGrid.Unused("revoked"));
        var streams = shared.Grid.Nodes.Select(node => revoked.At(node).Alerts.StreamAsync(new StreamAlertsRequest(), None).GetAsyncEnumerator()).ToList();
        foreach (var stream in streams)
        {
            Assert.True(await stream.MoveNextAsync());
        }

        await shared.Grid.OperatorMember.Client.Agencies.RevokeAsync(new RevokeAgencyRequest { Agency = revoked.Agency }, None);

        var since = Stopwatch.StartNew();
        foreach (var stream in streams)
        {
            var cut = await Assert.ThrowsAsync<GridException>(async () =>
            {
                while (await stream.MoveNextAsync().AsTask().WaitAsync(CutLimit - since.Elapsed))
                {
                }
            });
            Assert.True(cut.Error.Status is "UNAUTHENTICATED" or "PERMISSION_DENIED", cut.Message);
            await stream.DisposeAsync();
        }

        foreach (var node in shared.Grid.Nodes)
        {
            await Waiting.UntilAsync($"{node.Name} refuses it", CutLimit - since.Elapsed, async () =>
                await Record.ExceptionAsync(() => WhoAsync(revoked.At(node))) is GridException { Error.Status: "UNAUTHENTICATED" });
        }
    }

    [Fact]
    public async Task RenewCertificate_AtOneNode_IsGoodAtEveryOther()
    {
        var agency = await shared.Grid.AddMemberAsync(SharedGrid.Unused("renewer"));
        var pair = CertificateRequestPair.Create(agency.Agency);
        var renewed = await agency.Client.Agencies.RenewCertificateAsync(new RenewCertificateRequest { CsrPem = pair.RequestPem }, None);
        SecretFile.Replace(shared.Grid.IdentityOf(agency.Agency), $"{renewed.CertificatePem.TrimEnd()}\n{pair.KeyPem}{renewed.CaPem}");

        var anew = shared.Grid.Connect(agency.Agency, agency.Url);
        Assert.NotEqual(agency.Certificate.SerialNumber, anew.Certificate.SerialNumber);
        foreach (var node in shared.Grid.Nodes)
        {
            Assert.Equal(agency.Agency, await WhoAsync(anew.At(node)));
            Assert.Equal(agency.Agency, await WhoAsync(agency.At(node)));
        }
    }

    [Fact]
    public async Task IssueCertificate_AtOneNode_IsGoodAtEveryOther_AndTheAgencyIsTold()
    {
        var agency = await shared.Grid.AddMemberAsync(SharedGrid.Unused("certified"));
        var pair = CertificateRequestPair.Create(agency.Agency);
        var issued = await shared.Grid.OperatorMember.Elsewhere.Agencies.IssueCertificateAsync(
            new IssueCertificateRequest { Agency = agency.Agency, CsrPem = pair.RequestPem, KeyLost = true }, None);
        SecretFile.Replace(shared.Grid.IdentityOf(agency.Agency), $"{issued.CertificatePem.TrimEnd()}\n{pair.KeyPem}{issued.CaPem}");

        var anew = shared.Grid.Connect(agency.Agency, agency.Url);
        foreach (var node in shared.Grid.Nodes)
        {
            Assert.Equal(agency.Agency, await WhoAsync(anew.At(node)));
        }

        await Waiting.UntilAsync("the agency is told", CutLimit, async () =>
            (await anew.ReadFeedAsync()).Any(told => (told.AlertKind, told.CertificateSerial) == (AlertKind.CertificateIssued, issued.Certificate.Serial)));
    }

    // Who the node takes the caller for, seen by what it claims.
    private async Task<string> WhoAsync(GridClient client)
    {
        var value = SharedGrid.UnusedMail();
        await client.Claims.CreateAsync(Requests.Claim(value, "W-1"), None);
        var seen = await shared.Bravo.Client.Checks.CheckAsync(Requests.Check(value), None);
        return Assert.Single(seen.Hits).Agency;
    }
}
