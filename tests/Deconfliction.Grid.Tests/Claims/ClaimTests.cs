using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Grid.Tests.Claims;

public sealed class ClaimTests : IAsyncLifetime
{
    private Store _store = null!;
    private TestGrid _grid = null!;

    public async Task InitializeAsync()
    {
        _store = await Store.OpenAsync();
        _grid = await _store.GridAsync();
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task MakeClaim_OfTwoAgencies_ShowsEachTheOther()
    {
        var first = await _grid.ClaimAsync("alpha", "x");
        var second = await _grid.ClaimAsync("bravo", "x");

        Assert.Equal(AnswerStatus.Done, first.Status);
        Assert.Empty(first.Pointers);
        var pointer = Assert.Single(second.Pointers);
        Assert.Equal((first.Claim!.Id, Visibility.Open), (pointer.Other.Id, pointer.Visibility));

        var alphas = Assert.Single(await _grid.OverlapsAsync("alpha"));
        Assert.Equal(pointer.OverlapId, alphas.Overlap.Id);
        Assert.Equal("bravo", alphas.Pointer.Other.Agency.Value);
        Assert.Single(await _grid.FeedAsync("alpha", 0, 1));
        Assert.Single(await _grid.FeedAsync("bravo", 0, 1));
    }

    [Fact]
    public async Task MakeClaim_Repeated_IsTheSameClaimWithItsOverlapsFromTheLedger()
    {
        var first = await _grid.ClaimAsync("alpha", "x");
        var second = await _grid.ClaimAsync("bravo", "x");
        var again = await _grid.ClaimAsync("alpha", "x");

        Assert.Equal(AnswerStatus.Duplicate, again.Status);
        Assert.Equal(first.Claim!.Id, again.Claim!.Id);
        Assert.Equal(second.Claim!.Id, Assert.Single(again.Pointers).Other.Id);
        Assert.Equal(1, (await _store.Ledger.ReadStatisticsAsync(default)).Overlaps);
        var entry = (await AuditAsync("alpha")).Last(one => one.Draft.Operation == Operation.Claim);
        Assert.Equal("DUPLICATE", entry.Draft.Result);
        Assert.Equal(second.Claim.Id, Assert.Single(entry.Draft.Disclosures).ClaimId);
    }

    [Fact]
    public async Task MakeClaim_OfAnotherCase_IsNewAndTellsOnlyItsOwner()
    {
        var first = await _grid.ClaimAsync("alpha", "x", "case-1");
        var second = await _grid.ClaimAsync("alpha", "x", "case-2");

        Assert.Equal(AnswerStatus.Done, second.Status);
        Assert.Equal(first.Claim!.Id, Assert.Single(second.OwnClaims).Id);
        Assert.Empty(await _grid.OverlapsAsync("alpha"));
    }

    [Fact]
    public async Task MakeClaim_ForAnotherAgency_IsRefused() => await Assert.ThrowsAsync<ArgumentException>(
        () => _grid.ClaimAsync("alpha", "x", request: TestGrid.Request("bravo")));

    [Theory]
    [InlineData(Disclosure.Open, Disclosure.Silent, Visibility.Open, Visibility.None)]
    [InlineData(Disclosure.Silent, Disclosure.Open, Visibility.None, Visibility.Open)]
    [InlineData(Disclosure.Silent, Disclosure.Silent, Visibility.Masked, Visibility.Masked)]
    [InlineData(Disclosure.Masked, Disclosure.Open, Visibility.Masked, Visibility.Open)]
    public async Task Overlap_IsSeenAsTheOtherSideDiscloses(
        Disclosure old, Disclosure fresh, Visibility seenByFresh, Visibility seenByOld)
    {
        await _grid.ClaimAsync("alpha", "x", disclosure: old);
        var answer = await _grid.ClaimAsync("bravo", "x", disclosure: fresh);

        Assert.Equal(seenByFresh, answer.Pointers.Count == 0 ? Visibility.None : answer.Pointers[0].Visibility);
        Assert.Equal(answer.Pointers.Count, answer.PointerCount);
        Assert.Equal(seenByFresh, await SeenAsync("bravo"));
        Assert.Equal(seenByOld, await SeenAsync("alpha"));
        var stored = Assert.Single(await _store.Ledger.ListOverlapsAsync(
            new OverlapQuery(TestGrid.Agency("alpha"), null, 10), default));
        Assert.Equal(seenByOld != Visibility.None, await _grid.Grid.GetOverlapAsync(
            stored.View.Overlap.Id, TestGrid.Read("alpha"), default) is not null);
    }

    [Fact]
    public async Task Check_OfAClaim_IsHitAndItsOwnerIsTold()
    {
        var claim = await _grid.ClaimAsync("alpha", "x");
        var hit = await _grid.CheckAsync("bravo", "x");
        var miss = await _grid.CheckAsync("bravo", "y");

        Assert.Equal(claim.Claim!.Id, Assert.Single(hit.Pointers).Other.Id);
        Assert.Empty(miss.Pointers);
        var told = Assert.Single(await _grid.FeedAsync("alpha", 0, 1));
        Assert.Equal("bravo", told.Entry!.Alert.From!.Value.Value);
        Assert.Equal(2, (await AuditAsync("bravo")).Count(one => one.Draft.Operation == Operation.Check));
        Assert.Equal(1, (await _store.Ledger.ReadStatisticsAsync(default)).Identifiers);
    }

    [Fact]
    public async Task AnotherAgencysObjects_AnswerAndAreRecordedLikeMissingOnes()
    {
        var claim = (await _grid.ClaimAsync("alpha", "x")).Claim!;
        await _grid.ClaimAsync("bravo", "x");
        var overlap = Assert.Single(await _grid.OverlapsAsync("alpha")).Overlap.Id;
        var missing = Guid.NewGuid();

        foreach (var id in (Guid[])[claim.Id, missing])
        {
            Assert.Null(await _grid.Grid.GetClaimAsync(id, TestGrid.Read("charlie"), default));
            Assert.Equal(AnswerStatus.NotFound, (await _grid.ReleaseAsync("charlie", id)).Status);
            Assert.Equal(
                AnswerStatus.NotFound, (await _grid.Grid.RenewClaimAsync(id, null, TestGrid.Request("charlie"), default)).Status);
        }

        foreach (var id in (Guid[])[overlap, missing])
        {
            Assert.Null(await _grid.Grid.GetOverlapAsync(id, TestGrid.Read("charlie"), default));
            Assert.Equal(AnswerStatus.NotFound, (await _grid.ActAsync("charlie", id, OverlapAction.Acknowledge)).Status);
        }

        var entries = await AuditAsync("charlie");
        Assert.Equal(10, entries.Count);
        Assert.All(entries, static entry =>
        {
            Assert.Equal("NOT_FOUND", entry.Draft.Result);
            Assert.Null(entry.Draft.Tag);
            Assert.Null(entry.Draft.Case);
            Assert.Single(entry.Draft.Subjects);
            Assert.Empty(entry.Draft.Disclosures);
        });
    }

    [Fact]
    public async Task UpdateClaim_WithAnOldEtag_IsOutdated_AndWithTheRightOneTellsWhoSeesMore()
    {
        var claim = (await _grid.ClaimAsync("alpha", "x", disclosure: Disclosure.Masked)).Claim!;
        await _grid.ClaimAsync("bravo", "x");
        await _grid.FeedAsync("bravo", 0, 1);
        var open = new ClaimChange(ExpectedRevision: claim.Revision, null, null, Disclosure.Open, null);

        var done = await _grid.Grid.UpdateClaimAsync(claim.Id, open, TestGrid.Request("alpha"), default);
        var outdated = await _grid.Grid.UpdateClaimAsync(claim.Id, open, TestGrid.Request("alpha"), default);

        Assert.Equal((AnswerStatus.Done, claim.Revision + 1), (done.Status, done.Claim!.Revision));
        Assert.Equal(AnswerStatus.Outdated, outdated.Status);
        var told = (await _grid.FeedAsync("bravo", 1, 1))[0];
        Assert.Equal(Domain.Alerts.AlertKind.Disclosed, told.Entry!.Alert.Kind);
        Assert.Equal(Visibility.Open, told.Overlap!.Pointer.Visibility);
    }

    // Who goes silent must not be held up by how many it has met: nobody sees more by it.
    [Fact]
    public async Task UpdateClaim_ToSilent_ReadsNoneOfTheManyOverlapsInWhichNobodySeesMore()
    {
        const int Others = 20_500;
        var claim = (await _grid.ClaimAsync("alpha", "x")).Claim!;
        await _grid.ClaimAsync("bravo", "x", "case-silent", Disclosure.Silent);
        await MeetManyAsync(claim, Others);
        var silent = new ClaimChange(ExpectedRevision: null, null, null, Disclosure.Silent, null);

        var done = await _grid.Grid.UpdateClaimAsync(claim.Id, silent, TestGrid.Request("alpha"), default);

        Assert.Equal((AnswerStatus.Done, Disclosure.Silent), (done.Status, done.Claim!.Disclosure));
        Assert.Equal(1, _grid.Ledger.OverlapsListed); // with the other that is silent: these two see each other now
        Assert.Equal(Visibility.Masked, Assert.Single(await _grid.OverlapsAsync("bravo")).Pointer.Visibility);
    }

    [Fact]
    public async Task Release_EndsTheClaim_ItsOverlapStands_AndASecondOneSaysEnded()
    {
        var claim = (await _grid.ClaimAsync("alpha", "x")).Claim!;
        await _grid.ClaimAsync("bravo", "x");

        Assert.Equal(EndReason.Released, (await _grid.ReleaseAsync("alpha", claim.Id)).Claim!.EndReason);
        var again = await _grid.ReleaseAsync("alpha", claim.Id);

        Assert.Equal((AnswerStatus.Ended, claim.Id), (again.Status, again.Claim!.Id));
        Assert.Single(await _grid.OverlapsAsync("bravo"));
        Assert.DoesNotContain((await _grid.ClaimAsync("charlie", "x")).Pointers, one => one.Other.Id == claim.Id);
        Assert.Equal(AnswerStatus.Done, (await _grid.ClaimAsync("alpha", "x")).Status);
    }

    [Fact]
    public async Task Claim_PastItsExpiry_IsNotRenewedButClaimedAnew()
    {
        var claim = (await _grid.ClaimAsync("alpha", "x", lifetime: TimeSpan.FromDays(10))).Claim!;
        var renewed = await _grid.Grid.RenewClaimAsync(claim.Id, TimeSpan.FromDays(20), TestGrid.Request("alpha"), default);
        Assert.True(renewed.Claim!.ExpiresAt > claim.ExpiresAt);

        _grid.Ledger.Ahead = TimeSpan.FromDays(21);
        Assert.Empty((await _grid.CheckAsync("bravo", "x")).Pointers);
        Assert.Equal(
            AnswerStatus.Ended, (await _grid.Grid.RenewClaimAsync(claim.Id, null, TestGrid.Request("alpha"), default)).Status);
        var anew = await _grid.ClaimAsync("alpha", "x");

        Assert.Equal(AnswerStatus.Done, anew.Status);
        Assert.NotEqual(claim.Id, anew.Claim!.Id);
        var old = await _grid.Grid.GetClaimAsync(claim.Id, TestGrid.Read("alpha"), default);
        Assert.Equal(EndReason.Expired, old!.Claim.EndReason);
    }

    [Fact]
    public async Task Hazard_HoldsOverlapsBack_UntilItIsOneNoMore()
    {
        await _grid.ClaimAsync("alpha", "x", hazard: "RESOLVER");
        var held = await _grid.ClaimAsync("bravo", "x", hazard: "RESOLVER");
        Assert.Equal("RESOLVER", held.Hazard);
        Assert.Empty(await _grid.OverlapsAsync("alpha"));

        await _grid.Grid.SetHazardAsync(TestGrid.Key("x"), null, default);

        Assert.Single(await _grid.OverlapsAsync("alpha"));
        Assert.Contains(await AuditAsync("grid"), static entry => entry.Draft.Operation == Operation.ChangeHazard);
    }

    [Fact]
    public async Task Referrer_AlertsOthersAndLearnsNothing()
    {
        await _grid.ClaimAsync("alpha", "x");
        var referral = await _grid.ClaimAsync("hotline", "x", request: TestGrid.Request("hotline", role: AgencyRole.Hotline));

        Assert.Empty(referral.Pointers);
        Assert.Equal(0, referral.PointerCount);
        Assert.Empty(await _grid.OverlapsAsync("hotline"));
        Assert.Single(await _grid.OverlapsAsync("alpha"));
        Assert.Single(await _grid.FeedAsync("alpha", 0, 1));
    }

    // Many cases of one agency, each of which has met the claim.
    private async Task MeetManyAsync(Claim claim, int count)
    {
        var record = await _store.Ledger.LoadAsync(TestGrid.Key("x").Tag, Lane.Interactive, default);
        var events = new List<IdentifierEvent>(2 * count);
        for (var i = 0; i < count; i++)
        {
            var other = claim with { Id = Guid.CreateVersion7(), Agency = TestGrid.Agency("charlie"), Case = $"case-{i}", Sealed = new byte[] { 1 } };
            events.Add(new IdentifierEvent.ClaimMade(other));
            events.Add(new IdentifierEvent.OverlapFound(new Overlap
            {
                Id = Guid.CreateVersion7(),
                A = new OverlapSide(claim.Id, claim.Agency),
                B = new OverlapSide(other.Id, other.Agency),
                FoundAt = claim.CreatedAt,
            }));
        }

        var append = new Append
        {
            Tag = record.Tag,
            KeyId = 1,
            ExpectedVersion = record.Version,
            IdentifierId = record.Id,
            Events = events,
            ChangesState = true,
            Audit = new AuditDraft
            {
                Agency = TestGrid.Agency("charlie"), Certificate = "01ab", RequestedBy = "officer-1", Operation = Operation.Claim, Tag = record.Tag,
            },
        };
        Assert.IsType<AppendOutcome.Committed>(await _store.Ledger.AppendAsync(append, Lane.Interactive, default));
    }

    private async Task<Visibility> SeenAsync(string agency) =>
        (await _grid.OverlapsAsync(agency)).Select(static one => one.Pointer.Visibility).SingleOrDefault();

    private Task<IReadOnlyList<AuditEntry>> AuditAsync(string agency) =>
        _store.Ledger.ListAuditAsync(new AuditQuery(null, 1_000, TestGrid.Agency(agency)), default);
}
