using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Insight;

namespace Deconfliction.Ledger.Tests;

// What operators' pages read.
public abstract partial class LedgerCompliance
{
    private ILedgerInsight Insight => (ILedgerInsight)Ledger;

    [Fact]
    public async Task Insight_OfTheShape_TellsMigrationsChainsAndTheOldest()
    {
        var tag = Facts.NewTag();
        var claim = await ClaimAsync(tag, Facts.Alpha);
        await EndAsync(tag, claim, Ledger.Now);
        var shape = await Insight.ReadShapeAsync(None);
        Assert.Equal(Enumerable.Range(1, shape.Migrations.Count), shape.Migrations.Select(step => step.Number));
        Assert.Contains(shape.Migrations, step => step.Name == "operations");
        Assert.Equal(2, shape.Chains.Sum(chain => chain.Entries));
        Assert.All(shape.Chains, chain => Assert.Equal(chain.Number, chain.Entries));
        Assert.NotNull(shape.OldestEnded);
        Assert.NotNull(shape.OldestAudit);
    }

    [Fact]
    public async Task Insight_OfOperations_ListsOperatorsEntriesNewestFirst()
    {
        await ClaimAsync(Facts.NewTag(), Facts.Alpha);
        foreach (var (operation, name) in new[] { (Operation.SignIn, "first"), (Operation.DrainNode, "second"), (Operation.RevokeToken, "third") })
        {
            await Ledger.RecordAsync(Facts.Draft(Facts.Beta, operation) with { RequestedBy = name }, Lane.Interactive, None);
        }

        var entries = await Insight.ReadOperationsAsync(2, None);
        Assert.Equal(["third", "second"], entries.Select(entry => entry.Draft.RequestedBy));
        Assert.Null((await Ledger.VerifyAuditAsync(None)).FirstBad);
    }

    [Fact]
    public async Task Insight_OfAnOverlapsProgress_FollowsItsAlerts()
    {
        var found = await OverlapWithAlertsAsync();
        Assert.Equal((SideProgress.Waiting, SideProgress.Waiting), await ProgressAsync(found));
        foreach (var to in new[] { Facts.Alpha, Facts.Beta })
        {
            var waiting = await Ledger.ReadUnnumberedAsync(to, 10, None);
            Assert.True(await Ledger.NumberAsync(to, 1, [.. waiting.Select(alert => alert.Id)], None));
        }

        Assert.Equal((SideProgress.InFeed, SideProgress.InFeed), await ProgressAsync(found));
        await Ledger.AcknowledgeFeedAsync(Facts.Beta, 1, Facts.Draft(Facts.Beta, Operation.AcknowledgeAlerts), None);
        Assert.Equal((SideProgress.InFeed, SideProgress.Received), await ProgressAsync(found));
    }

    [Fact]
    public async Task Insight_OfAnOverlapWithASilentSide_TellsNothing()
    {
        var found = await OverlapWithAlertsAsync(Disclosure.Silent);
        Assert.Empty(await Insight.ReadProgressAsync([found, Guid.CreateVersion7()], None));
    }

    [Fact]
    public async Task Insight_OfHazardsAndCrowds_CountsThem()
    {
        var (hazard, crowd) = (Facts.NewTag(), Facts.NewTag());
        await ChangeAsync(hazard, Facts.Draft(Facts.Alpha), new IdentifierEvent.ClaimMade(Facts.Claim(Facts.Alpha, Ledger.Now)), new IdentifierEvent.HazardChanged("PUBLIC_RESOLVER"));
        await ChangeAsync(crowd, Facts.Draft(Facts.Alpha), new IdentifierEvent.ClaimMade(Facts.Claim(Facts.Alpha, Ledger.Now)), new IdentifierEvent.CrowdChanged(true));
        var census = await Insight.ReadHazardsAsync(5, None);
        Assert.Contains(("PUBLIC_RESOLVER", 1L), census.ByReason);
        Assert.Equal(1, census.CrowdCount);
        Assert.Equal([crowd], census.Crowds);
    }

    [Fact]
    public async Task Insight_OfASample_HasClaimsOverlapsAndAuditEntriesThatAgree()
    {
        var tag = Facts.NewTag();
        var a = await ClaimAsync(tag, Facts.Alpha);
        var b = Facts.Claim(Facts.Beta, Ledger.Now);
        var overlap = Facts.Overlap(a, b, Ledger.Now);
        await ChangeAsync(
            tag, Facts.Draft(Facts.Beta) with { Subjects = [b.Id] }, new IdentifierEvent.ClaimMade(b), new IdentifierEvent.OverlapFound(overlap));
        var sampled = Assert.Single(await Insight.SampleAsync(tag, 1, 10, None));
        Assert.Equal(tag, sampled.Tag);
        Assert.Equal(2, sampled.Live.Count);
        Assert.Equal((sampled.Id, overlap.Id), (Assert.Single(sampled.Overlaps).IdentifierId, sampled.Overlaps[0].Overlap.Id));
        Assert.Empty(await Insight.SampleAsync(tag, 1, mostClaims: 1, None));
        Assert.Equal(1, await Insight.CountEntriesOfAsync(b, tag, None));
        // Its entry names no claim.
        Assert.Equal(0, await Insight.CountEntriesOfAsync(a, tag, None));
    }

    [Fact]
    public async Task Insight_OfTheAuditsTail_HoldsAndFindsWhatWasAltered()
    {
        for (var i = 0; i < 5; i++)
        {
            await ClaimAsync(Facts.NewTag(), Facts.Alpha);
        }

        var all = await Insight.VerifyAuditTailAsync(1000, None);
        Assert.Null(all.FirstBad);
        Assert.Equal(5, all.Entries);
        Assert.Null((await Insight.VerifyAuditTailAsync(2, None)).FirstBad);
        await Store.ExecuteAsync("UPDATE audit SET result = 'ALTERED' WHERE number = (SELECT max(number) FROM audit)");
        Assert.NotNull((await Insight.VerifyAuditTailAsync(2, None)).FirstBad);
    }

    private async Task<(SideProgress, SideProgress)> ProgressAsync(Guid overlap)
    {
        var progress = Assert.Single(await Insight.ReadProgressAsync([overlap], None));
        return (progress.Lesser, progress.Greater);
    }

    private async Task<Guid> OverlapWithAlertsAsync(Disclosure disclosure = Disclosure.Open)
    {
        var tag = Facts.NewTag();
        var a = await ClaimAsync(tag, Facts.Alpha);
        var b = Facts.Claim(Facts.Beta, Ledger.Now) with { Disclosure = disclosure };
        var overlap = Facts.Overlap(a, b, Ledger.Now);
        await ChangeAsync(
            tag, Facts.Draft(Facts.Beta), new IdentifierEvent.ClaimMade(b), new IdentifierEvent.OverlapFound(overlap),
            new IdentifierEvent.AlertRaised(Told(Facts.Alpha)), new IdentifierEvent.AlertRaised(Told(Facts.Beta)));
        return overlap.Id;

        Alert Told(Domain.Agencies.AgencyId to) => Facts.Alert(to, Ledger.Now, AlertKind.OverlapFound) with { OverlapId = overlap.Id };
    }
}
