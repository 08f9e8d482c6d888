using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Tests.Appending;

public sealed class GroupPlanTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
    private readonly AuditChain _chain = new(1, TestStore.AuditKey);
    private readonly GroupRead _read = new();

    [Fact]
    public void Decide_SameRequestIdTwice_TheFirstCountsAndTheSecondIsItsReplay()
    {
        var request = Guid.NewGuid();
        var draft = Facts.Draft(Facts.Alpha, Operation.Claim, request) with { Result = "first" };

        var rows = Decide(NewClaim(Facts.NewTag(), 0, draft), NewClaim(Facts.NewTag(), 0, draft with { Result = "second" }));

        Assert.Equal(new AppendOutcome.Committed(1), rows.Outcomes[0]);
        Assert.Equal("first", Assert.IsType<AppendOutcome.Replayed>(rows.Outcomes[1]).Original.Result);
        Assert.Single(rows.NewClaims);
        Assert.Single(rows.Audit);
    }

    [Fact]
    public void Decide_SameRequestIdAfterAStaleFirst_TheSecondCounts()
    {
        var draft = Facts.Draft(Facts.Alpha, Operation.Claim, Guid.NewGuid());

        var rows = Decide(NewClaim(Facts.NewTag(), 5, draft), NewClaim(Facts.NewTag(), 0, draft));

        Assert.IsType<AppendOutcome.Stale>(rows.Outcomes[0]);
        Assert.IsType<AppendOutcome.Committed>(rows.Outcomes[1]);
    }

    [Fact]
    public void Decide_TwoChangesOfOneIdentifier_TheSecondIsStaleAndNeighboursCommit()
    {
        var tag = Facts.NewTag();

        var rows = Decide(NewClaim(tag, 0), NewClaim(tag, 0), NewClaim(Facts.NewTag(), 0));

        Assert.Equal(
            [typeof(AppendOutcome.Committed), typeof(AppendOutcome.Stale), typeof(AppendOutcome.Committed)],
            rows.Outcomes.Select(outcome => outcome.GetType()));
        Assert.Equal(2, rows.NewIdentifiers.Count);
        Assert.Equal([1, 2], rows.Audit.Select(entry => entry.Number));
    }

    [Fact]
    public void Decide_CheckBeforeAndAfterAChange_OnlyTheFirstIsConfirmed()
    {
        var tag = Facts.NewTag();
        var check = new Func<GroupItem>(() => Item(Facts.Append(tag, Guid.Empty, 0, Facts.Draft(Facts.Beta, Operation.Check))));

        var rows = Decide(check(), NewClaim(tag, 0), check());

        Assert.Equal(new AppendOutcome.Committed(0), rows.Outcomes[0]);
        Assert.Equal(new AppendOutcome.Committed(1), rows.Outcomes[1]);
        Assert.IsType<AppendOutcome.Stale>(rows.Outcomes[2]);
    }

    [Fact]
    public void Decide_ChangeUnderAnotherSurrogateId_IsStale()
    {
        var tag = Facts.NewTag();
        _read.Identifiers[tag] = new StoredIdentifier(Guid.CreateVersion7(), 4, Hazard: null, IsCrowd: false);

        Assert.IsType<AppendOutcome.Stale>(Decide(NewClaim(tag, 4)).Outcomes[0]);
    }

    [Fact]
    public void Decide_KnownIdentifier_KeepsWhatNoEventChanges()
    {
        var tag = Facts.NewTag();
        var id = Guid.CreateVersion7();
        _read.Identifiers[tag] = new StoredIdentifier(id, 4, "LISTED", IsCrowd: false);

        var rows = Decide(Item(Facts.Append(
            tag, id, 4, Facts.Draft(Facts.Alpha), new IdentifierEvent.CrowdChanged(IsCrowd: true))));

        Assert.Equal(new IdentifierRow(id, tag, 1, 5, "LISTED", IsCrowd: true), Assert.Single(rows.ChangedIdentifiers));
        Assert.Empty(rows.NewIdentifiers);
    }

    [Fact]
    public void Decide_OneRecordChangedSeveralTimes_IsOneRowInItsLastState()
    {
        var claim = Facts.Claim(Facts.Alpha, Now);
        var there = Facts.Claim(Facts.Beta, Now);
        var overlap = Facts.Overlap(there, claim, Now);

        var rows = Decide(Item(Facts.Append(
            Facts.NewTag(), Guid.CreateVersion7(), 0, Facts.Draft(Facts.Alpha),
            new IdentifierEvent.ClaimMade(claim),
            new IdentifierEvent.ClaimChanged(claim with { Revision = 2 }),
            new IdentifierEvent.ClaimChanged(there with { Revision = 2 }),
            new IdentifierEvent.ClaimEnded(there with { Revision = 3, EndReason = EndReason.Expired }),
            new IdentifierEvent.OverlapFound(overlap),
            new IdentifierEvent.OverlapChanged(overlap with { WindowAssumed = true }))));

        Assert.Equal(2, Assert.Single(rows.NewClaims).Claim.Revision);
        Assert.Equal(3, Assert.Single(rows.ChangedClaims).Claim.Revision);
        Assert.True(Assert.Single(rows.NewOverlaps).Overlap.WindowAssumed);
        Assert.Empty(rows.ChangedOverlaps);
    }

    [Fact]
    public void Decide_Extras_AreFoldedOneAKey()
    {
        var agency = new AgencyRecord(
            Facts.Alpha, "one", Domain.Agencies.AgencyRole.Hotline, "call", IsRevoked: false, Now, []);
        var draft = Facts.Draft(Facts.Gamma, Operation.CreateAgency);

        var rows = Decide(
            new GroupItem(Append: null, draft, new SavedAgency(agency, [])),
            new GroupItem(Append: null, draft, new SavedAgency(agency with { Name = "two", Role = Domain.Agencies.AgencyRole.Operator }, [])),
            new GroupItem(Append: null, draft, new AcknowledgedFeed(Facts.Alpha, 7)),
            new GroupItem(Append: null, draft, new AcknowledgedFeed(Facts.Alpha, 5)));

        Assert.Equal(agency with { Name = "two" }, Assert.Single(rows.Agencies));
        Assert.Equal(7, Assert.Single(rows.Acknowledgements).UpTo);
        Assert.Equal(4, rows.Audit.Count);
    }

    [Fact]
    public void Tags_OfAGroup_AreSortedAndDistinct()
    {
        var tags = Enumerable.Range(0, 20).Select(_ => Facts.NewTag()).ToList();

        var plan = new GroupPlan([.. tags.Concat(tags).Select(tag => NewClaim(tag, 0))]);

        Assert.Equal(tags.Order(), plan.Tags);
    }

    private GroupRows Decide(params GroupItem[] items) => new GroupPlan(items).Decide(_read, _chain, Now);

    private static GroupItem Item(Append append) => new(append, append.Audit);

    private static GroupItem NewClaim(Tag tag, long version, AuditDraft? draft = null) => Item(Facts.Append(
        tag, Guid.CreateVersion7(), version, draft ?? Facts.Draft(Facts.Alpha),
        new IdentifierEvent.ClaimMade(Facts.Claim(Facts.Alpha, Now))));
}
