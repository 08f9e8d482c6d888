using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Contract.Audit;

/// <summary>Rule 8: what went through any node is on the record of all, once, and the record holds together.</summary>
public abstract class AuditContract(SharedGrid shared)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task List_OfWhatWentThroughEveryNode_HoldsEachOnceWhicheverNodeIsAsked()
    {
        var agency = await shared.Grid.AddMemberAsync(SharedGrid.Unused("audited"));
        var expected = new List<(string, string, string)>();
        foreach (var node in shared.Grid.Nodes)
        {
            var (claim, check) = (Requests.Claim(SharedGrid.UnusedMail(), "X-1"), Requests.Check(SharedGrid.UnusedMail(), "X-1"));
            claim.Claim.Purpose = "to find its holder";
            await agency.At(node).Claims.CreateAsync(claim, None);
            await agency.At(node).Checks.CheckAsync(check, None);
            expected.AddRange([(claim.RequestId, "Claim", claim.Claim.Purpose), (check.RequestId, "Check", check.Purpose)]);
        }

        foreach (var node in shared.Grid.Nodes)
        {
            var entries = await shared.Auditor.At(node).Audit.ListAsync(
                new ListAuditEntriesRequest { Agency = agency.Agency, CaseReference = "X-1" }, None).ToListAsync();
            Assert.Equal(expected, entries.Select(entry => (entry.RequestId, entry.Operation, entry.Purpose)));
            Assert.All(entries, entry => Assert.Equal((agency.Agency, Requests.Officer), (entry.Agency, entry.RequestedBy)));
            Assert.All(entries, entry => Assert.Equal(agency.Certificate.SerialNumber, entry.CertificateSerial));
        }
    }

    [Fact]
    public async Task List_OfADisclosure_SaysWhoLearnedOfWhom()
    {
        var value = SharedGrid.UnusedMail();
        await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), None);
        var request = Requests.Claim(value, SharedGrid.Unused("disclosing"));
        var met = await shared.Bravo.Client.Claims.CreateAsync(request, None);

        var entry = Assert.Single(await shared.Auditor.Client.Audit.ListAsync(
            new ListAuditEntriesRequest { CaseReference = request.Claim.CaseReference }, None).ToListAsync(), one => one.Operation == "Claim");
        var overlap = Assert.Single(met.Overlaps).Overlap;
        Assert.Contains(new AuditDisclosure { ToAgency = "bravo", OfAgency = "alpha", Visibility = Visibility.Open, Overlap = overlap }, entry.Disclosures);
    }

    [Fact]
    public async Task Verify_AtEveryNode_ReadsTheChainsOfAllWritersAndFindsNoFault()
    {
        foreach (var node in shared.Grid.Nodes)
        {
            await shared.Alpha.At(node).Claims.CreateAsync(Requests.Claim(SharedGrid.UnusedMail(), "A-1"), None);
        }

        var rows = await shared.Grid.CountAsync("audit");
        foreach (var node in shared.Grid.Nodes)
        {
            var answer = await shared.Auditor.At(node).Audit.VerifyAsync(None);
            Assert.Null(answer.FirstFault);
            Assert.True(answer.EntriesChecked >= rows, $"{answer.EntriesChecked} entries were checked, and there were {rows}.");
        }
    }

    [Fact]
    public async Task Chains_OfEachWriter_HaveNoGaps()
    {
        var entries = await shared.Auditor.Client.Audit.ListAsync(new ListAuditEntriesRequest(), None).ToListAsync();
        Assert.NotEmpty(entries);
        foreach (var chain in entries.GroupBy(entry => entry.Writer))
        {
            Assert.Equal(Enumerable.Range(1, chain.Count()).Select(number => (long)number), chain.Select(entry => entry.Sequence).Order());
        }
    }
}
