using System.Collections.Concurrent;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Ledger.Tests;

// Decisions that are made on what the group's own transaction reads.
public abstract partial class LedgerCompliance
{
    [Fact]
    public async Task Decide_OnAnAbsentIdentifier_MakesVersionOneUnderTheGivenId()
    {
        var tag = Facts.NewTag();
        IdentifierRecord? seen = null;
        var late = LateClaim(tag, Facts.Alpha, record => seen = record);

        var outcome = await DecideAsync(late);

        Assert.Equal(new AppendOutcome.Committed(1), outcome);
        Assert.Equal((Guid.Empty, 0L), (seen!.Id, seen.Version));
        var found = await LoadAsync(tag);
        Assert.Equal((late.NewIdentifierId, 1L), (found.Id, found.Version));
        Assert.Single(found.Live);
        Assert.Equal(Facts.Alpha, Assert.Single(await AuditAsync()).Draft.Agency);
    }

    [Fact]
    public async Task Decide_OnAnIdentifierThatIsThere_RestsOnItsVersionAndLiveClaims()
    {
        var tag = Facts.NewTag();
        var ended = await ClaimAsync(tag, Facts.Gamma);
        var first = await ClaimAsync(tag, Facts.Alpha);
        var second = await ClaimAsync(tag, Facts.Beta);
        await EndAsync(tag, ended, Ledger.Now);
        IdentifierRecord? seen = null;

        var outcome = await DecideAsync(LateClaim(tag, Facts.Alpha, record => seen = record), Other);

        Assert.Equal(new AppendOutcome.Committed(5), outcome);
        Assert.Equal(4, seen!.Version);
        Assert.Equal([first.Id, second.Id], seen.Live.Select(claim => claim.Id));
        Same.Claim(first, seen.Live[0]);
        Assert.Equal(3, (await LoadAsync(tag)).Live.Count);
    }

    [Fact]
    public async Task Decide_Check_ConfirmsWhatItReadAndCreatesNothing()
    {
        var (absent, there) = (Facts.NewTag(), Facts.NewTag());
        var claim = await ClaimAsync(there, Facts.Alpha);
        var seen = new ConcurrentDictionary<Tag, IdentifierRecord>();

        var outcomes = await Task.WhenAll(
            DecideAsync(LateCheck(absent, record => seen[absent] = record)), DecideAsync(LateCheck(there, record => seen[there] = record)));

        Assert.Equal([new AppendOutcome.Committed(0), new AppendOutcome.Committed(1)], outcomes);
        Assert.Empty(seen[absent].Live);
        Assert.Equal(claim.Id, Assert.Single(seen[there].Live).Id);
        Assert.Equal(1, (await Ledger.ReadStatisticsAsync(None)).Identifiers);
        Assert.Equal(2, (await AuditAsync()).Count(entry => entry.Draft.Operation == Operation.Check));
    }

    [Fact]
    public async Task Decide_WritersRaceOnOneIdentifier_EachRestsOnAllThatCameBefore()
    {
        const int Claims = 60;
        var tag = Facts.NewTag();
        var rested = new ConcurrentBag<int>();

        await Task.WhenAll(Enumerable.Range(0, Claims).Select(async i =>
        {
            while (true)
            {
                var live = 0;
                var late = LateClaim(tag, Facts.Beta, record => live = record.Live.Count);
                if (await DecideAsync(late, i % 2 == 0 ? Ledger : Other) is AppendOutcome.Committed committed)
                {
                    Assert.Equal(committed.Version, live + 1);
                    rested.Add(live);
                    return;
                }
            }
        }));

        Assert.Equal(Enumerable.Range(0, Claims), rested.Order());
        Assert.Equal((Claims, Claims), ((int)(await LoadAsync(tag)).Version, (await LoadAsync(tag)).Live.Count));
        Assert.Equal(Claims, (await AuditAsync()).Count);
    }

    [Fact]
    public async Task Decide_ThatThrows_FailsAloneAndLeavesNothing()
    {
        var broken = Facts.NewTag();
        var tags = Enumerable.Range(0, 40).Select(_ => Facts.NewTag()).ToList();

        var neighbours = tags.ConvertAll(tag => DecideAsync(LateClaim(tag, Facts.Alpha)));
        var failed = DecideAsync(LateClaim(broken, Facts.Beta) with { Decide = (_, _) => throw new FormatException("a defect") });

        Assert.All(await Task.WhenAll(neighbours), outcome => Assert.Equal(new AppendOutcome.Committed(1), outcome));
        Assert.Equal("a defect", (await Assert.ThrowsAsync<FormatException>(() => failed)).Message);
        Assert.Equal(0, (await LoadAsync(broken)).Version);
        Assert.Equal(40, (await Ledger.ReadStatisticsAsync(None)).Identifiers);
    }

    [Fact]
    public async Task Decide_ThatWantsNothing_IsDeclinedAndLeavesNothing()
    {
        var outcome = await DecideAsync(LateClaim(Facts.NewTag(), Facts.Alpha) with { Decide = (_, _) => null });

        Assert.IsType<AppendOutcome.Declined>(outcome);
        Assert.Equal(0, (await Ledger.ReadStatisticsAsync(None)).Identifiers);
        Assert.Empty(await AuditAsync());
    }

    [Fact]
    public async Task Decide_UnderARequestIdUsedBefore_IsItsReplayAndLeavesNothing()
    {
        var request = Guid.NewGuid();
        await ClaimAsync(Facts.NewTag(), Facts.Alpha, requestId: request);
        var asked = 0;
        var late = LateClaim(Facts.NewTag(), Facts.Alpha, _ => asked++, request);

        var outcome = await DecideAsync(late, Other);

        Assert.Equal(request, Assert.IsType<AppendOutcome.Replayed>(outcome).Original.RequestId);
        Assert.InRange(asked, 1, 2); // For what is told of now; again where the repeat was met only in writing.
        Assert.Equal(0, (await LoadAsync(late.Tag)).Version);
        Assert.Equal(1, (await Ledger.ReadStatisticsAsync(None)).LiveClaims);
        Assert.Single(await AuditAsync());
    }

    [Fact]
    public async Task Decide_OnMoreLiveClaimsThanAGroupReads_IsDeclinedUnasked()
    {
        var tag = Facts.NewTag();
        for (var i = 0; i < LateAppend.MaximumLive; i++)
        {
            await ClaimAsync(tag, Facts.Alpha, $"case-{i}");
        }

        var live = 0;
        Assert.Equal(
            new AppendOutcome.Committed(LateAppend.MaximumLive + 1),
            await DecideAsync(LateClaim(tag, Facts.Beta, record => live = record.Live.Count)));
        Assert.Equal(LateAppend.MaximumLive, live);

        Assert.IsType<AppendOutcome.Declined>(await DecideAsync(LateClaim(tag, Facts.Gamma, _ => live = -1)));
        Assert.Equal(LateAppend.MaximumLive, live);
    }

    [Fact]
    public async Task Decide_OnALongIdentifier_IsDeclinedUnasked()
    {
        await using var strict = await Store.OpenAsync(TestStore.Options with { LongAbove = 3 });
        var tag = Facts.NewTag();
        for (var i = 0; i < 3; i++)
        {
            await ClaimAsync(tag, Facts.Alpha, $"case-{i}");
        }

        var live = 0;
        Assert.Equal(
            new AppendOutcome.Committed(4), await DecideAsync(LateClaim(tag, Facts.Beta, record => live = record.Live.Count), strict));
        Assert.Equal(3, live);

        Assert.IsType<AppendOutcome.Declined>(await DecideAsync(LateClaim(tag, Facts.Gamma, _ => live = -1), strict));
        Assert.Equal(3, live);
    }

    [Fact]
    public async Task Decide_WithAFlagOnANewIdentifier_KeepsIt()
    {
        var tag = Facts.NewTag();
        var late = LateClaim(tag, Facts.Alpha);

        await DecideAsync(late with
        {
            Decide = (record, now) => late.Decide(record, now)! with
            {
                Events =
                [
                    new IdentifierEvent.HazardChanged("LISTED"), new IdentifierEvent.ClaimMade(Facts.Claim(Facts.Alpha, now)),
                ],
            },
        });

        var found = await LoadAsync(tag);
        Assert.Equal((late.NewIdentifierId, 1L, "LISTED"), (found.Id, found.Version, found.Hazard));
    }

    [Fact]
    public async Task Decide_OfAnotherRequestOrBeyondWhatWasLocked_IsRefusedAlone()
    {
        var claim = LateClaim(Facts.NewTag(), Facts.Alpha);
        var check = LateCheck(Facts.NewTag());

        await Assert.ThrowsAsync<ArgumentException>(() => DecideAsync(claim with { RequestId = Guid.NewGuid() }));
        await Assert.ThrowsAsync<ArgumentException>(() => DecideAsync(claim with { Tag = Facts.NewTag() }));
        await Assert.ThrowsAsync<ArgumentException>(() => DecideAsync(claim with { NewIdentifierId = Guid.Empty }));
        Assert.Equal(new AppendOutcome.Committed(0), await DecideAsync(check));
    }

    /// <summary>Has a decision made and committed.</summary>
    protected Task<AppendOutcome> DecideAsync(LateAppend late, ILedger? ledger = null) =>
        (ledger ?? Ledger).DecideAsync(late, Lane.Interactive, None);

    /// <summary>A claim that is decided on what the group reads, which <paramref name="see"/> is shown.</summary>
    protected static LateAppend LateClaim(
        Tag tag, AgencyId agency, Action<IdentifierRecord>? see = null, Guid? requestId = null) =>
        Late(tag, agency, Guid.CreateVersion7(), Operation.Claim, see, requestId);

    private static LateAppend LateCheck(Tag tag, Action<IdentifierRecord>? see = null) =>
        Late(tag, Facts.Beta, Guid.Empty, Operation.Check, see, requestId: null);

    private static LateAppend Late(
        Tag tag, AgencyId agency, Guid newId, Operation operation, Action<IdentifierRecord>? see, Guid? requestId) => new()
        {
            Tag = tag,
            KeyId = 1,
            NewIdentifierId = newId,
            Agency = agency,
            RequestId = requestId,
            Decide = (record, now) =>
            {
                see?.Invoke(record);
                IdentifierEvent[] facts = operation == Operation.Check
                    ? []
                    : [new IdentifierEvent.ClaimMade(Facts.Claim(agency, now, "case-" + Guid.NewGuid().ToString("N")))];
                return Facts.Append(
                    tag, record.Version == 0 ? newId : record.Id, record.Version, Facts.Draft(agency, operation, requestId), facts);
            },
        };
}
