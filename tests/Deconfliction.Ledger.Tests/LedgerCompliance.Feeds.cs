using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Deciding;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Ledger.Tests;

public abstract partial class LedgerCompliance
{
    [Fact]
    public async Task ReadUnnumbered_SeveralAlerts_AreInOrderOfTheirIdsUpToTheLimit()
    {
        var alerts = await AlertAsync(Facts.Alpha, 5);
        await AlertAsync(Facts.Beta, 1);

        var found = await Ledger.ReadUnnumberedAsync(Facts.Alpha, 3, None);

        Assert.Equal(alerts.Select(alert => alert.Id).Order().Take(3), found.Select(alert => alert.Id));
    }

    [Fact]
    public async Task Number_OneAfterAnother_GivesPositionsWithoutGaps()
    {
        var first = await AlertAsync(Facts.Alpha, 3);
        Assert.True(await NumberAsync(Facts.Alpha, 1, first));
        var second = await AlertAsync(Facts.Alpha, 2);
        Assert.True(await NumberAsync(Facts.Alpha, 4, second));

        var feed = await Ledger.ReadFeedAsync(Facts.Alpha, 0, 10, None);

        Assert.Equal([1, 2, 3, 4, 5], feed.Select(entry => entry.Position));
        Assert.Equal([.. first.Select(alert => alert.Id), .. second.Select(alert => alert.Id)], feed.Select(entry => entry.Alert.Id));
        Assert.Empty(await Ledger.ReadUnnumberedAsync(Facts.Alpha, 10, None));
        Assert.Equal(5, (await Ledger.ReadFeedBoundsAsync(Facts.Alpha, None)).Head);
    }

    [Fact]
    public async Task Number_PositionTakenByABlindWriter_IsFalseAndChangesNothing()
    {
        var alerts = await AlertAsync(Facts.Alpha, 2);
        Assert.True(await NumberAsync(Facts.Alpha, 1, [alerts[0]]));

        Assert.False(await Other.NumberAsync(Facts.Alpha, 1, [alerts[1].Id], None));

        Assert.Equal(alerts[1].Id, Assert.Single(await Ledger.ReadUnnumberedAsync(Facts.Alpha, 10, None)).Id);
        Assert.Equal(1, (await Ledger.ReadFeedBoundsAsync(Facts.Alpha, None)).Head);
    }

    [Fact]
    public async Task Number_AlertThatHasAPosition_IsFalseAndChangesNothing()
    {
        var alerts = await AlertAsync(Facts.Alpha, 2);
        Assert.True(await NumberAsync(Facts.Alpha, 1, [alerts[0]]));

        Assert.False(await Other.NumberAsync(Facts.Alpha, 2, [alerts[1].Id, alerts[0].Id], None));

        Assert.Equal(1, Assert.Single(await Ledger.ReadFeedAsync(Facts.Alpha, 0, 10, None)).Position);
        Assert.Equal(alerts[1].Id, Assert.Single(await Ledger.ReadUnnumberedAsync(Facts.Alpha, 10, None)).Id);
    }

    [Fact]
    public async Task Number_WithAGapOrAnothersAlert_IsFalse()
    {
        var own = await AlertAsync(Facts.Alpha, 1);
        var others = await AlertAsync(Facts.Beta, 1);

        Assert.False(await NumberAsync(Facts.Alpha, 2, own));
        Assert.False(await NumberAsync(Facts.Alpha, 1, others));
        Assert.False(await Ledger.NumberAsync(Facts.Alpha, 1, [Guid.CreateVersion7()], None));

        Assert.True(await NumberAsync(Facts.Alpha, 1, own));
        Assert.True(await NumberAsync(Facts.Beta, 1, others));
    }

    [Fact]
    public async Task Number_WritersRaceAmongOthers_EachPositionIsGivenOnceAndOthersAreUnharmed()
    {
        var alerts = await AlertAsync(Facts.Alpha, 20);
        var agencies = Enumerable.Range(0, 20).Select(i => AgencyId.Parse($"agency-{i}")).ToList();
        foreach (var agency in agencies)
        {
            await AlertAsync(agency, 2);
        }

        var others = agencies.ConvertAll(async agency => await Ledger.NumberAsync(
            agency, 1, [.. (await Ledger.ReadUnnumberedAsync(agency, 10, None)).Select(alert => alert.Id)], None));
        var racers = alerts.Select(
            (alert, i) => (i % 2 == 0 ? Ledger : Other).NumberAsync(Facts.Alpha, 1, [alert.Id], None)).ToList();

        Assert.Single(await Task.WhenAll(racers), won => won);
        Assert.All(await Task.WhenAll(others), Assert.True);
        Assert.Equal(1, Assert.Single(await Ledger.ReadFeedAsync(Facts.Alpha, 0, 100, None)).Position);
    }

    [Fact]
    public async Task ReadFeed_AfterAPosition_GoesOnThereUpToTheLimit()
    {
        await NumberAsync(Facts.Alpha, 1, await AlertAsync(Facts.Alpha, 6));
        await NumberAsync(Facts.Beta, 1, await AlertAsync(Facts.Beta, 6));

        var feed = await Ledger.ReadFeedAsync(Facts.Alpha, 2, 3, None);

        Assert.Equal([3, 4, 5], feed.Select(entry => entry.Position));
        Assert.All(feed, entry => Assert.Equal(Facts.Alpha, entry.Alert.To));
    }

    [Fact]
    public async Task ReadFeed_ManyAgenciesAtOnce_EachGetsItsOwnPageAndNoOther()
    {
        var agencies = Enumerable.Range(0, 40).Select(i => AgencyId.Parse($"agency-{i}")).ToList();
        foreach (var agency in agencies)
        {
            await NumberAsync(agency, 1, await AlertAsync(agency, 4));
            await AlertAsync(agency, 3);
        }

        var pages = await Task.WhenAll(agencies.Select((agency, i) => Ledger.ReadFeedAsync(agency, after: i % 5, limit: 2, None)));
        var unnumbered = await Task.WhenAll(agencies.Select((agency, i) => Ledger.ReadUnnumberedAsync(agency, limit: i % 4, None)));

        for (var i = 0; i < agencies.Count; i++)
        {
            Assert.Equal(Enumerable.Range((i % 5) + 1, 4).Where(static position => position <= 4).Take(2), pages[i].Select(static entry => (int)entry.Position));
            Assert.All(pages[i], entry => Assert.Equal(agencies[i], entry.Alert.To));
            Assert.Equal(i % 4, unnumbered[i].Count);
            Assert.All(unnumbered[i], alert => Assert.Equal(agencies[i], alert.To));
        }
    }

    [Fact]
    public async Task ReadFeed_ClaimsAndOverlapPurged_KeepsTheAlert()
    {
        var view = await OverlapAsync(Facts.NewTag(), Facts.Alpha, Facts.Beta);
        var tag = Facts.NewTag();
        await ClaimAsync(tag, Facts.Gamma);
        var alert = Facts.Alert(Facts.Alpha, Ledger.Now, AlertKind.ContactRequested) with
        {
            ClaimId = view.A.Id, OverlapId = view.Overlap.Id, FromClaimId = view.B.Id,
        };
        await ChangeAsync(tag, Facts.Draft(Facts.Beta), new IdentifierEvent.AlertRaised(alert));
        await NumberAsync(Facts.Alpha, 1, [alert]);
        await Store.ExecuteAsync("DELETE FROM overlap");
        await Store.ExecuteAsync("DELETE FROM claim");

        var entry = Assert.Single(await Ledger.ReadFeedAsync(Facts.Alpha, 0, 10, None));

        Assert.Equal(new FeedEntry(1, alert, OwnClaim: null, Overlap: null, FromClaim: null), entry);
    }

    [Fact]
    public async Task ReadFeedBounds_OfAFeedThatNeverWas_IsEmpty() =>
        Assert.Equal(new FeedBounds(0, 0, 1, OldestUnacknowledgedAt: null), await Ledger.ReadFeedBoundsAsync(Facts.Alpha, None));

    [Fact]
    public async Task ReadFeedBounds_FollowsAlertsNumbersAndAcknowledgements()
    {
        var alerts = await AlertAsync(Facts.Alpha, 3);
        Assert.Equal(
            alerts.MinBy(alert => alert.Id)!.CreatedAt, (await Ledger.ReadFeedBoundsAsync(Facts.Alpha, None)).OldestUnacknowledgedAt);
        await NumberAsync(Facts.Alpha, 1, alerts);

        await AcknowledgeAsync(Facts.Alpha, 2);
        Assert.Equal(new FeedBounds(3, 2, 1, alerts[2].CreatedAt), await Ledger.ReadFeedBoundsAsync(Facts.Alpha, None));

        await AcknowledgeAsync(Facts.Alpha, 3);
        Assert.Equal(new FeedBounds(3, 3, 1, OldestUnacknowledgedAt: null), await Ledger.ReadFeedBoundsAsync(Facts.Alpha, None));
    }

    [Fact]
    public async Task AcknowledgeFeed_NeverGoesBackNorPastTheHead_AndIsRecorded()
    {
        await NumberAsync(Facts.Alpha, 1, await AlertAsync(Facts.Alpha, 3));

        await AcknowledgeAsync(Facts.Alpha, 2);
        await AcknowledgeAsync(Facts.Alpha, 1);
        Assert.Equal(2, (await Ledger.ReadFeedBoundsAsync(Facts.Alpha, None)).Acknowledged);

        await AcknowledgeAsync(Facts.Alpha, 99);
        Assert.Equal(3, (await Ledger.ReadFeedBoundsAsync(Facts.Alpha, None)).Acknowledged);
        Assert.Equal(3, (await AuditAsync()).Count(entry => entry.Draft.Operation == Operation.AcknowledgeAlerts));
    }

    [Fact]
    public async Task AcknowledgeFeed_Replayed_IsRecordedOnce()
    {
        await NumberAsync(Facts.Alpha, 1, await AlertAsync(Facts.Alpha, 3));
        var draft = Facts.Draft(Facts.Alpha, Operation.AcknowledgeAlerts, Guid.NewGuid());
        Assert.IsType<AppendOutcome.Committed>(await Ledger.AcknowledgeFeedAsync(Facts.Alpha, 1, draft, None));

        Assert.IsType<AppendOutcome.Replayed>(await Other.AcknowledgeFeedAsync(Facts.Alpha, 3, draft, None));

        Assert.Equal(1, (await Ledger.ReadFeedBoundsAsync(Facts.Alpha, None)).Acknowledged);
    }

    [Fact]
    public async Task FindUnnumberedAgencies_NamesEachOnceUpToTheLimit()
    {
        await AlertAsync(Facts.Beta, 3);
        await AlertAsync(Facts.Alpha, 1);
        await NumberAsync(Facts.Gamma, 1, await AlertAsync(Facts.Gamma, 2));

        Assert.Equal([Facts.Alpha, Facts.Beta], (await Ledger.FindUnnumberedAgenciesAsync(10, None)).Order());
        Assert.Single(await Ledger.FindUnnumberedAgenciesAsync(1, None));
    }

    private Task<bool> NumberAsync(AgencyId agency, long first, IReadOnlyList<Alert> alerts) =>
        Ledger.NumberAsync(agency, first, [.. alerts.Select(alert => alert.Id)], None);

    private async Task AcknowledgeAsync(AgencyId agency, long upTo) => Assert.IsType<AppendOutcome.Committed>(
        await Ledger.AcknowledgeFeedAsync(agency, upTo, Facts.Draft(agency, Operation.AcknowledgeAlerts), None));

    // Alerts by checks of something that is not claimed: nothing else changes.
    private async Task<IReadOnlyList<Alert>> AlertAsync(AgencyId to, int count, DateTimeOffset? at = null)
    {
        var alerts = Enumerable.Range(0, count)
            .Select(i => Facts.Alert(to, (at ?? Ledger.Now).AddMicroseconds(i))).OrderBy(alert => alert.Id).ToList();
        await CommitAsync(Facts.Append(
            Facts.NewTag(), Guid.CreateVersion7(), 0, Facts.Draft(Facts.Gamma, Operation.Check),
            [.. alerts.Select(alert => new IdentifierEvent.AlertRaised(alert))]));
        return alerts;
    }
}
