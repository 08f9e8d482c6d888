using System.Security.Cryptography;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Snapshots;

namespace Deconfliction.Ledger.Tests;

public abstract partial class LedgerCompliance
{
    [Fact]
    public async Task Load_OfMoreLiveClaimsThanTheLimit_SaysSoAndHasNone()
    {
        await using var strict = await Store.OpenAsync(TestStore.Options with { LongAbove = 3 });
        var tag = Facts.NewTag();
        for (var i = 0; i < 3; i++)
        {
            await ClaimAsync(tag, Facts.Alpha, $"case-{i}");
        }

        var few = await strict.LoadAsync(tag, Lane.Interactive, None);
        var ended = await ClaimAsync(tag, Facts.Alpha, "case-3");
        var many = await strict.LoadAsync(tag, Lane.Interactive, None);
        await EndAsync(tag, ended, Ledger.Now);
        var fewAgain = await strict.LoadAsync(tag, Lane.Interactive, None);

        Assert.Equal((false, 3), (few.IsLong, few.Live.Count));
        Assert.Equal((true, 0, 4L, few.Id), (many.IsLong, many.Live.Count, many.Version, many.Id));
        Assert.Equal((false, 3), (fewAgain.IsLong, fewAgain.Live.Count));
        Assert.Equal(few.Live.Select(claim => claim.Id).Order(), fewAgain.Live.Select(claim => claim.Id));
    }

    [Fact]
    public async Task LoadLong_Whole_HasAllLiveClaims()
    {
        var tag = Facts.NewTag();
        var kept = await ClaimAsync(tag, Facts.Alpha);
        await EndAsync(tag, await ClaimAsync(tag, Facts.Beta), Ledger.Now);

        var whole = await Ledger.LoadLongAsync(tag, after: null, None);
        var record = await LoadAsync(tag);

        Assert.NotNull(whole);
        Same.Claim(kept, Assert.Single(whole.Claims));
        Assert.Equal((record.Id, 3L, record.Hazard, record.IsCrowd), (whole.Id, whole.Version, whole.Hazard, whole.IsCrowd));
        Assert.Null(await Ledger.LoadLongAsync(Facts.NewTag(), after: null, None));
        Assert.Null(await Ledger.LoadLongAsync(Facts.NewTag(), after: 0, None));
    }

    [Fact]
    public async Task LoadLong_AfterAVersion_HasWhatWasMadeChangedOrEndedSince()
    {
        var tag = Facts.NewTag();
        await ClaimAsync(tag, Facts.Alpha, "untouched"); // version 1
        var changes = await ClaimAsync(tag, Facts.Alpha, "changes");
        var ends = await ClaimAsync(tag, Facts.Beta, "ends");
        var expires = await ClaimAsync(tag, Facts.Beta, "expires"); // version 4
        await ClaimAsync(Facts.NewTag(), Facts.Beta, "another identifier");
        var changed = changes with { Revision = 2, Priority = Priority.High };
        await ChangeAsync(tag, Facts.Draft(Facts.Alpha), new IdentifierEvent.ClaimChanged(changed)); // 5
        await EndAsync(tag, ends, Ledger.Now); // 6
        await EndAsync(tag, expires, Ledger.Now, EndReason.Expired); // 7
        var made = await ClaimAsync(tag, Facts.Gamma, "made"); // 8

        Assert.Equal(Ordered(changed.Id, ends.Id, expires.Id, made.Id), await TailAsync(tag, 4));
        Assert.Equal(Ordered(ends.Id, expires.Id, made.Id), await TailAsync(tag, 5));
        Assert.Equal(Ordered(expires.Id, made.Id), await TailAsync(tag, 6));
        Assert.Equal(Ordered(made.Id), await TailAsync(tag, 7));
        Assert.Empty(await TailAsync(tag, 8));
        Assert.Equal(5, (await TailAsync(tag, 0)).Count);
        var tail = (await Ledger.LoadLongAsync(tag, 4, None))!.Claims;
        Same.Claim(changed, tail.Single(claim => claim.Id == changed.Id));
        Assert.Equal(EndReason.Released, tail.Single(claim => claim.Id == ends.Id).EndReason);
        Assert.Equal(EndReason.Expired, tail.Single(claim => claim.Id == expires.Id).EndReason);
    }

    [Fact]
    public async Task Change_OfAClaimWithoutItsSealedPart_LeavesWhatTheLedgerHas()
    {
        var tag = Facts.NewTag();
        var claim = await ClaimAsync(tag, Facts.Alpha);
        var apart = claim with { Sealed = default, IsSealedApart = true, Revision = 2 };

        await ChangeAsync(tag, Facts.Draft(Facts.Alpha), new IdentifierEvent.ClaimChanged(apart));
        Same.Claim(claim with { Revision = 2 }, Assert.Single((await LoadAsync(tag)).Live));

        var at = Ledger.Now;
        await EndAsync(tag, apart, at);
        Same.Claim(
            claim with { Revision = 3, EndReason = EndReason.Released, EndedAt = at },
            (await Ledger.FindClaimAsync(Facts.Alpha, claim.Id, None))!.Claim);
    }

    [Fact]
    public async Task Append_OfANewClaimWithoutItsSealedPart_IsRefused()
    {
        var claim = Facts.Claim(Facts.Alpha, Ledger.Now) with { Sealed = default, IsSealedApart = true };

        await Assert.ThrowsAsync<ArgumentException>(() => AppendAsync(Facts.Append(
            Facts.NewTag(), Guid.CreateVersion7(), 0, Facts.Draft(Facts.Alpha), new IdentifierEvent.ClaimMade(claim))));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(SnapshotParts.Length)]
    [InlineData((3 * SnapshotParts.Length) + 17)]
    public async Task Snapshot_ComesBackAsItWasWritten(int length)
    {
        var (tag, other) = (Facts.NewTag(), Facts.NewTag());
        var snapshot = Snapshot(length, 7);
        await Ledger.WriteSnapshotAsync(other, Snapshot(10, 1), None);
        await Ledger.WriteSnapshotAsync(tag, Snapshot(2 * SnapshotParts.Length, 6), None);
        await Ledger.WriteSnapshotAsync(tag, snapshot, None);

        var read = await Other.ReadSnapshotAsync(tag, None);

        Assert.NotNull(read);
        Assert.Equal((7L, snapshot.EarliestEnd), (read.Version, read.EarliestEnd));
        Assert.True(read.Bytes.Span.SequenceEqual(snapshot.Bytes.Span));
        Assert.Null(await Other.ReadSnapshotAsync(Facts.NewTag(), None));
    }

    [Theory]
    [InlineData("DELETE FROM snapshot WHERE part = 1")]
    [InlineData("DELETE FROM snapshot WHERE part = 2")]
    [InlineData("UPDATE snapshot SET version = 8 WHERE part = 2")]
    [InlineData("UPDATE snapshot SET parts = 4 WHERE part = 0")]
    public async Task Snapshot_WithoutAPart_OrWithOneOfAnother_IsNone(string damage)
    {
        var tag = Facts.NewTag();
        await Ledger.WriteSnapshotAsync(tag, Snapshot((2 * SnapshotParts.Length) + 1, 7), None);

        await Store.ExecuteAsync(damage);

        Assert.Null(await Ledger.ReadSnapshotAsync(tag, None));
    }

    [Fact]
    public async Task Purge_OfClaims_IsKnownToWhoReadsATail_AndRemovesSnapshotsThatItOutdates()
    {
        var (tag, old, young) = (Facts.NewTag(), Facts.NewTag(), Facts.NewTag());
        var claim = await ClaimAsync(tag, Facts.Alpha);
        var before = (await Ledger.LoadLongAsync(tag, 1, None))!;
        var cut = Ledger.Now.AddDays(-90);
        await Ledger.WriteSnapshotAsync(old, Snapshot((20 * SnapshotParts.Length) + 1, 1) with { EarliestEnd = cut.AddMicroseconds(-1) }, None);
        await Ledger.WriteSnapshotAsync(young, Snapshot(10, 1) with { EarliestEnd = cut }, None);
        await EndAsync(tag, claim, LongAgo);

        await PurgeAllAsync(cut, LongAgo, 100);
        await PurgeAllAsync(cut.AddDays(-1), LongAgo, 100);

        var after = (await Other.LoadLongAsync(tag, 1, None))!;
        Assert.True(before.PurgedBefore < cut.AddDays(-1));
        Assert.Equal(cut, after.PurgedBefore, TimeSpan.FromMicroseconds(1));
        Assert.Equal(before.History, after.History);
        Assert.Null(await Ledger.ReadSnapshotAsync(old, None));
        Assert.NotNull(await Ledger.ReadSnapshotAsync(young, None));
    }

    // Ids of one millisecond come in no order of their making.
    private static IReadOnlyList<Guid> Ordered(params Guid[] ids) => [.. ids.Order()];

    private async Task<IReadOnlyList<Guid>> TailAsync(Tag tag, long after) =>
        [.. (await Ledger.LoadLongAsync(tag, after, None))!.Claims.Select(claim => claim.Id).Order()];

    private StoredSnapshot Snapshot(int length, long version) => new(
        version, new DateTimeOffset(Ledger.Now.UtcTicks / 10 * 10, TimeSpan.Zero), RandomNumberGenerator.GetBytes(length));
}
