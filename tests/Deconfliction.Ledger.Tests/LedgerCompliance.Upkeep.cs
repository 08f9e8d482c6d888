using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Ledger.Tests;

public abstract partial class LedgerCompliance
{
    private static readonly DateTimeOffset LongAgo = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task FindDue_NamesExpiredAndUnannouncedOnesOnly()
    {
        var now = Ledger.Now;
        var noticeBy = now.AddDays(14);
        var expired = await ExpiringAsync(now, isAnnounced: false);
        var expiredAnnounced = await ExpiringAsync(now, isAnnounced: true);
        var soon = await ExpiringAsync(noticeBy.AddMicroseconds(-1), isAnnounced: false);
        await ExpiringAsync(now.AddMicroseconds(1), isAnnounced: true);
        await ExpiringAsync(noticeBy, isAnnounced: false);
        var ended = await ExpiringAsync(now, isAnnounced: false);
        await EndAsync(ended, (await LoadAsync(ended)).Live[0], now);

        var due = await Ledger.FindDueAsync(now, noticeBy, SweepParts.All, 10, None);

        Assert.Equal(new[] { expired, expiredAnnounced, soon }.Order(), due.Order());
        Assert.Single(await Ledger.FindDueAsync(now, noticeBy, SweepParts.All, 1, None));
    }

    [Fact]
    public async Task FindDue_OfSomeParts_NamesThoseOnly()
    {
        var due = new List<Tag>();
        for (var i = 0; i < 20; i++)
        {
            due.Add(await ExpiringAsync(LongAgo, isAnnounced: i % 2 == 0));
        }

        var (low, high) = (new SweepParts(0x0000_0000_FFFF_FFFF), new SweepParts(0xFFFF_FFFF_0000_0000));
        Assert.Equal(due.Where(tag => low.Includes(tag)).Order(), (await Ledger.FindDueAsync(Ledger.Now, Ledger.Now, low, 100, None)).Order());
        Assert.Equal(due.Where(tag => high.Includes(tag)).Order(), (await Ledger.FindDueAsync(Ledger.Now, Ledger.Now, high, 100, None)).Order());
        Assert.Single(await Ledger.FindDueAsync(Ledger.Now, Ledger.Now, SweepParts.None.With(SweepParts.PartOf(due[7])).With(SweepParts.PartOf(due[8])), 1, None));
        Assert.Empty(await Ledger.FindDueAsync(Ledger.Now, Ledger.Now, SweepParts.None, 100, None));
    }

    [Fact]
    public async Task FindDue_SeveralClaimsOfOneIdentifier_NamesItOnce()
    {
        var tag = await ExpiringAsync(LongAgo, isAnnounced: false);
        await ExpiringAsync(LongAgo, isAnnounced: true, tag);

        Assert.Equal(tag, Assert.Single(await Ledger.FindDueAsync(Ledger.Now, Ledger.Now, SweepParts.All, 10, None)));
    }

    [Fact]
    public async Task Purge_EndedLongAgo_GoesWithItsOverlapsAndNothingElse()
    {
        var now = Ledger.Now;
        var tag = Facts.NewTag();
        var old = await OverlapAsync(tag, Facts.Alpha, Facts.Beta);
        await EndAsync(tag, old.A, LongAgo);
        var kept = await OverlapAsync(Facts.NewTag(), Facts.Alpha, Facts.Beta);
        var recent = Facts.NewTag();
        var recentClaim = await ClaimAsync(recent, Facts.Gamma);
        await EndAsync(recent, recentClaim, now);

        var purged = await PurgeAllAsync(now.AddDays(-90), LongAgo, 100);

        Assert.Equal(2, purged);
        Assert.Null(await Ledger.FindClaimAsync(Facts.Alpha, old.A.Id, None));
        Assert.Null(await Ledger.FindOverlapAsync(Facts.Beta, old.Overlap.Id, None));
        Assert.NotNull(await Ledger.FindClaimAsync(Facts.Beta, old.B.Id, None));
        Assert.NotNull(await Ledger.FindOverlapAsync(Facts.Beta, kept.Overlap.Id, None));
        Assert.NotNull(await Ledger.FindClaimAsync(Facts.Gamma, recentClaim.Id, None));
        Assert.Equal(old.B.Id, Assert.Single((await LoadAsync(tag)).Live).Id);
    }

    [Fact]
    public async Task Purge_AllClaimsOfAnIdentifier_ItsVersionIsNeverReused()
    {
        var tag = Facts.NewTag();
        await EndAsync(tag, await ClaimAsync(tag, Facts.Alpha), LongAgo);
        var before = await LoadAsync(tag);
        await PurgeAllAsync(Ledger.Now, LongAgo, 100);

        var after = await LoadAsync(tag);
        var blind = await AppendAsync(NewClaim(tag, 0), Other);

        Assert.Equal((before.Id, 2L), (after.Id, after.Version));
        Assert.IsType<AppendOutcome.Stale>(blind);
        await ClaimAsync(tag, Facts.Beta);
        Assert.Equal(3, (await LoadAsync(tag)).Version);
    }

    [Fact]
    public async Task Purge_IsBoundedAStep()
    {
        for (var i = 0; i < 5; i++)
        {
            var tag = Facts.NewTag();
            await EndAsync(tag, await ClaimAsync(tag, Facts.Alpha), LongAgo);
        }

        Assert.Equal(2, await Ledger.PurgeAsync(Ledger.Now, LongAgo, 2, None));
        Assert.Equal(2, await Ledger.PurgeAsync(Ledger.Now, LongAgo, 2, None));
        Assert.Equal(1, await Ledger.PurgeAsync(Ledger.Now, LongAgo, 2, None));
        Assert.Equal(0, await Ledger.PurgeAsync(Ledger.Now, LongAgo, 2, None));
    }

    [Fact]
    public async Task Purge_Alerts_OnlyAcknowledgedOldOnesGo_AndPositionsStay()
    {
        var now = Ledger.Now;
        await NumberAsync(Facts.Alpha, 1, await AlertAsync(Facts.Alpha, 4, LongAgo));
        await NumberAsync(Facts.Alpha, 5, await AlertAsync(Facts.Alpha, 1, now));
        await NumberAsync(Facts.Beta, 1, await AlertAsync(Facts.Beta, 2, LongAgo));
        await AlertAsync(Facts.Gamma, 1, LongAgo);
        await AcknowledgeAsync(Facts.Alpha, 2);

        Assert.Equal(2, await PurgeAllAsync(now.AddDays(-90), LongAgo, 100));

        Assert.Equal([3, 4, 5], (await Ledger.ReadFeedAsync(Facts.Alpha, 0, 10, None)).Select(entry => entry.Position));
        Assert.Equal((5, 2, 3), Ends(await Ledger.ReadFeedBoundsAsync(Facts.Alpha, None)));
        Assert.Equal(2, (await Ledger.ReadFeedAsync(Facts.Beta, 0, 10, None)).Count);
        Assert.Single(await Ledger.ReadUnnumberedAsync(Facts.Gamma, 10, None));

        await AcknowledgeAsync(Facts.Alpha, 5);
        await PurgeAllAsync(now.AddDays(1), LongAgo, 1);
        Assert.Equal((5, 5, 6), Ends(await Ledger.ReadFeedBoundsAsync(Facts.Alpha, None)));
        var next = await AlertAsync(Facts.Alpha, 1);
        Assert.False(await NumberAsync(Facts.Alpha, 1, next));
        Assert.True(await NumberAsync(Facts.Alpha, 6, next));
    }

    [Fact]
    public async Task Purge_Audit_OldEntriesGo_AndTheRestVerifies()
    {
        for (var i = 0; i < 5; i++)
        {
            await ClaimAsync(Facts.NewTag(), Facts.Alpha);
        }

        var entries = await AuditAsync();
        await PurgeAllAsync(LongAgo, entries[3].At, 1);

        Assert.Equal(entries.Skip(3).Select(entry => entry.Number), (await AuditAsync()).Select(entry => entry.Number));
        var verification = await Ledger.VerifyAuditAsync(None);
        Assert.Null(verification.FirstBad);
        Assert.Equal(2, verification.Entries);
        Assert.Equal(2, (await Ledger.ReadStatisticsAsync(None)).AuditEntries);

        await ClaimAsync(Facts.NewTag(), Facts.Alpha);
        Assert.Null((await Ledger.VerifyAuditAsync(None)).FirstBad);
    }

    private async Task<Tag> ExpiringAsync(DateTimeOffset at, bool isAnnounced, Tag? on = null)
    {
        var tag = on ?? Facts.NewTag();
        var claim = Facts.Claim(Facts.Alpha, Ledger.Now) with { ExpiresAt = at, ExpiryAnnounced = isAnnounced };
        await ChangeAsync(tag, Facts.Draft(Facts.Alpha), new IdentifierEvent.ClaimMade(claim));
        return tag;
    }

    private async Task<int> PurgeAllAsync(DateTimeOffset endedBefore, DateTimeOffset auditBefore, int limit)
    {
        var purged = 0;
        while (await Ledger.PurgeAsync(endedBefore, auditBefore, limit, None) is > 0 and var step)
        {
            purged += step;
        }

        return purged;
    }

    private static (long Head, long Acknowledged, long OldestKept) Ends(FeedBounds bounds) =>
        (bounds.Head, bounds.Acknowledged, bounds.OldestKept);
}
