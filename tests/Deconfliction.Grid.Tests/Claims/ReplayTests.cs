using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Grid.Tests.Claims;

/// <summary>I4: one request id, one effect, one answer.</summary>
public sealed class ReplayTests : IAsyncLifetime
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
    public async Task Claim_Replayed_HasItsNumberAndTheOverlapsThatItFound()
    {
        var request = TestGrid.Request("bravo");
        await _grid.ClaimAsync("alpha", "x");
        var original = await _grid.ClaimAsync("bravo", "x", request: request);
        await _grid.ClaimAsync("charlie", "x");

        var replay = await _grid.ClaimAsync("bravo", "x", request: request);

        Assert.Equal((AnswerStatus.Done, original.Claim!.Id), (replay.Status, replay.Claim!.Id));
        Assert.Equal(original.Pointers.Select(static one => one.OverlapId), replay.Pointers.Select(static one => one.OverlapId));
        Assert.Equal(1, replay.PointerCount);
        Assert.Single(await AuditAsync("bravo", request));
    }

    [Fact]
    public async Task Claim_ReplayedAfterTheOtherSideWentSilent_ShowsItNoMore()
    {
        var request = TestGrid.Request("bravo");
        var other = (await _grid.ClaimAsync("alpha", "x")).Claim!;
        var original = await _grid.ClaimAsync("bravo", "x", request: request);
        await _grid.Grid.UpdateClaimAsync(
            other.Id, new ClaimChange(null, null, null, Disclosure.Silent, null), TestGrid.Request("alpha"), default);

        var replay = await _grid.ClaimAsync("bravo", "x", request: request);

        Assert.Single(original.Pointers);
        Assert.Equal(original.Claim!.Id, replay.Claim!.Id);
        Assert.Empty(replay.Pointers);
        Assert.Equal(0, replay.PointerCount);
    }

    [Fact]
    public async Task Claim_ReplayedAfterTheOtherSideShowsMore_IsRecordedAsWhatItShows()
    {
        var request = TestGrid.Request("bravo");
        var other = (await _grid.ClaimAsync("alpha", "x", disclosure: Disclosure.Masked)).Claim!;
        await _grid.ClaimAsync("bravo", "x", request: request);
        await _grid.Grid.UpdateClaimAsync(
            other.Id, new ClaimChange(null, null, null, Disclosure.Open, null), TestGrid.Request("alpha"), default);

        var replay = await _grid.ClaimAsync("bravo", "x", request: request);

        Assert.Equal(Visibility.Open, Assert.Single(replay.Pointers).Visibility);
        var entry = (await _store.Ledger.ListAuditAsync(new AuditQuery(null, 100, TestGrid.Agency("bravo")), default))[^1];
        Assert.Equal((Operation.ReadOverlaps, "REPLAYED"), (entry.Draft.Operation, entry.Draft.Result));
        Assert.Equal(Visibility.Open, Assert.Single(entry.Draft.Disclosures).Visibility);
    }

    [Fact]
    public async Task Claim_ReplayedAfterItsRelease_IsNotMadeAgain()
    {
        var request = TestGrid.Request("alpha");
        var original = await _grid.ClaimAsync("alpha", "x", request: request);
        await _grid.ReleaseAsync("alpha", original.Claim!.Id);

        var replay = await _grid.ClaimAsync("alpha", "x", request: request);

        Assert.Equal(original.Claim.Id, replay.Claim!.Id);
        Assert.Equal(EndReason.Released, replay.Claim.EndReason);
        Assert.Empty((await _grid.CheckAsync("bravo", "x")).Pointers);
    }

    [Fact]
    public async Task Check_Replayed_ShowsWhatItHitAndNothingNew()
    {
        var request = TestGrid.Request("charlie");
        var hit = (await _grid.ClaimAsync("alpha", "x")).Claim!;
        await _grid.CheckAsync("charlie", "x", request);
        await _grid.ClaimAsync("bravo", "x");
        await _grid.FeedAsync("alpha", 0, 2);

        var replay = await _grid.CheckAsync("charlie", "x", request);

        Assert.Equal(hit.Id, Assert.Single(replay.Pointers).Other.Id);
        Assert.Equal(1, replay.PointerCount);
        Assert.Equal(2, (await _store.Ledger.ReadFeedBoundsAsync(TestGrid.Agency("alpha"), default)).Head);
        Assert.Empty(await _store.Ledger.ReadUnnumberedAsync(TestGrid.Agency("alpha"), 10, default));
    }

    [Fact]
    public async Task Check_ReplayedAfterTheClaimWentSilent_ShowsItNoMore()
    {
        var request = TestGrid.Request("charlie");
        var hit = (await _grid.ClaimAsync("alpha", "x")).Claim!;
        await _grid.CheckAsync("charlie", "x", request);
        await _grid.Grid.UpdateClaimAsync(
            hit.Id, new ClaimChange(null, null, null, Disclosure.Silent, null), TestGrid.Request("alpha"), default);

        var replay = await _grid.CheckAsync("charlie", "x", request);

        Assert.Empty(replay.Pointers);
        Assert.Equal(0, replay.PointerCount);
    }

    [Fact]
    public async Task RequestId_WithAnotherPayloadOrOperation_IsRefused_AndIsFreeToAnotherAgency()
    {
        var request = TestGrid.Request("alpha");
        var claim = (await _grid.ClaimAsync("alpha", "x", request: request)).Claim!;
        var other = TestGrid.Request("alpha", request.RequestId, "another payload");

        await Assert.ThrowsAsync<RequestIdReusedException>(() => _grid.ClaimAsync("alpha", "x", request: other));
        await Assert.ThrowsAsync<RequestIdReusedException>(() => _grid.ClaimAsync("alpha", "y", request: other));
        await Assert.ThrowsAsync<RequestIdReusedException>(() => _grid.CheckAsync("alpha", "x", request));
        await Assert.ThrowsAsync<RequestIdReusedException>(() => _grid.ReleaseAsync("alpha", claim.Id, request));
        await Assert.ThrowsAsync<RequestIdReusedException>(() => _grid.ReleaseAsync("alpha", Guid.NewGuid(), request));
        Assert.Equal(
            AnswerStatus.Done,
            (await _grid.ClaimAsync("bravo", "y", request: TestGrid.Request("bravo", request.RequestId))).Status);
        Assert.Equal(2, (await _store.Ledger.ReadStatisticsAsync(default)).LiveClaims);
    }

    [Fact]
    public async Task Missing_Replayed_IsMissingStill()
    {
        var request = TestGrid.Request("alpha");
        var id = Guid.NewGuid();

        Assert.Equal(AnswerStatus.NotFound, (await _grid.ReleaseAsync("alpha", id, request)).Status);
        Assert.Equal(AnswerStatus.NotFound, (await _grid.ReleaseAsync("alpha", id, request)).Status);
        Assert.Single(await AuditAsync("alpha", request));
    }

    [Fact]
    public async Task Release_Replayed_SaysDoneAgain()
    {
        var claim = (await _grid.ClaimAsync("alpha", "x")).Claim!;
        var request = TestGrid.Request("alpha");

        Assert.Equal(AnswerStatus.Done, (await _grid.ReleaseAsync("alpha", claim.Id, request)).Status);
        Assert.Equal(AnswerStatus.Done, (await _grid.ReleaseAsync("alpha", claim.Id, request)).Status);
        Assert.Equal(AnswerStatus.Ended, (await _grid.ReleaseAsync("alpha", claim.Id)).Status);
    }

    [Fact]
    public async Task OverlapAct_Replayed_AnswersAlike()
    {
        await _grid.ClaimAsync("alpha", "x");
        var overlap = (await _grid.ClaimAsync("bravo", "x")).Pointers[0].OverlapId;
        var request = TestGrid.Request("bravo");

        var original = await _grid.Grid.ActOnOverlapAsync(overlap, OverlapAction.Resolve, Outcome.NoConflict, request, default);
        var replay = await _grid.Grid.ActOnOverlapAsync(overlap, OverlapAction.Resolve, Outcome.NoConflict, request, default);

        Assert.Equal(original.Status, replay.Status);
        Assert.Equal(original.Overlap!.Overlap, replay.Overlap!.Overlap);
        Assert.Equal(original.Pointers.Select(static one => one.Visibility), replay.Pointers.Select(static one => one.Visibility));
        Assert.Single(await AuditAsync("bravo", request));
    }

    [Fact]
    public async Task SameRequestId_ManyTimesAtOnce_HasOneEffect()
    {
        var other = await _store.GridAsync();
        var request = TestGrid.Request("alpha");

        var answers = await Task.WhenAll(Enumerable.Range(0, 24).Select(
            i => (i % 2 == 0 ? _grid : other).ClaimAsync("alpha", "x", request: request)));

        Assert.Single(answers.Select(static one => one.Claim!.Id).Distinct());
        Assert.All(answers, static one => Assert.Equal(AnswerStatus.Done, one.Status));
        Assert.Equal(1, (await _store.Ledger.ReadStatisticsAsync(default)).LiveClaims);
        Assert.Single(await AuditAsync("alpha", request));
    }

    private async Task<List<AuditEntry>> AuditAsync(string agency, RequestContext request) =>
        (await _store.Ledger.ListAuditAsync(new AuditQuery(null, 1_000, TestGrid.Agency(agency)), default))
        .Where(entry => entry.Draft.RequestId == request.RequestId).ToList();
}
