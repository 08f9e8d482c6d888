using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Grid.Tests.Overlaps;

public sealed class OverlapTests : IAsyncLifetime
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
    public async Task MaskedSide_CanBeAsked_AndDisclosesItself()
    {
        await _grid.ClaimAsync("alpha", "x", disclosure: Disclosure.Masked);
        var overlap = (await _grid.ClaimAsync("bravo", "x", disclosure: Disclosure.Masked)).Pointers[0].OverlapId;

        Assert.Equal(AnswerStatus.Done, (await _grid.ActAsync("bravo", overlap, OverlapAction.RequestContact)).Status);
        var asked = (await _grid.FeedAsync("alpha", 0, 2))[1];
        Assert.Equal((AlertKind.ContactRequested, Visibility.Contact), (asked.Entry!.Alert.Kind, asked.Overlap!.Pointer.Visibility));
        Assert.Equal("bravo", asked.Entry.FromClaim!.Agency.Value);

        var disclosed = await _grid.ActAsync("alpha", overlap, OverlapAction.Disclose);
        Assert.Equal(Visibility.Contact, Assert.Single(disclosed.Pointers).Visibility);
        var seen = await _grid.Grid.GetOverlapAsync(overlap, TestGrid.Read("bravo"), default);
        Assert.Equal(Visibility.Open, seen!.Pointer.Visibility);
    }

    [Fact]
    public async Task AcknowledgeAndResolve_AreToldToTheOtherSide()
    {
        await _grid.ClaimAsync("alpha", "x");
        var overlap = (await _grid.ClaimAsync("bravo", "x")).Pointers[0].OverlapId;

        await _grid.ActAsync("bravo", overlap, OverlapAction.Acknowledge);
        await _grid.ActAsync("bravo", overlap, OverlapAction.Resolve, Outcome.Coordinated);
        var conflict = await _grid.ActAsync("alpha", overlap, OverlapAction.Resolve, Outcome.FalseMatch);

        Assert.Equal(AnswerStatus.AlreadyResolved, conflict.Status);
        Assert.Equal(
            [AlertKind.OverlapFound, AlertKind.OverlapAcknowledged, AlertKind.OverlapResolved],
            (await _grid.FeedAsync("alpha", 0, 3)).Select(static item => item.Entry!.Alert.Kind));
        var seen = await _grid.Grid.GetOverlapAsync(overlap, TestGrid.Read("alpha"), default);
        Assert.Equal((true, false), (seen!.AcknowledgedByOther, seen.AcknowledgedByMe));
    }

    [Fact]
    public async Task ActOnOverlap_ThatTheAskerDoesNotSee_IsMissing()
    {
        await _grid.ClaimAsync("alpha", "x", disclosure: Disclosure.Silent);
        await _grid.ClaimAsync("bravo", "x");
        var stored = Assert.Single(await _store.Ledger.ListOverlapsAsync(
            new OverlapQuery(TestGrid.Agency("bravo"), null, 10), default));

        var answer = await _grid.ActAsync("bravo", stored.View.Overlap.Id, OverlapAction.Acknowledge);

        Assert.Equal(AnswerStatus.NotFound, answer.Status);
        Assert.Null(answer.Overlap);
        var entry = (await _store.Ledger.ListAuditAsync(new AuditQuery(null, 100, TestGrid.Agency("bravo")), default))[^1];
        Assert.Null(entry.Draft.Tag);
    }

    [Fact]
    public async Task ListOverlaps_FillsItsPagePastThoseThatAreNotSeen()
    {
        for (var i = 0; i < 40; i++)
        {
            await _grid.ClaimAsync("alpha", $"x{i}", disclosure: i % 8 == 7 ? Disclosure.Open : Disclosure.Silent);
            await _grid.ClaimAsync("bravo", $"x{i}");
        }

        var seen = new List<Guid>();
        Guid? after = null;
        while (true)
        {
            var page = await _grid.Grid.ListOverlapsAsync(
                new OverlapQuery(TestGrid.Agency("bravo"), after, 2), TestGrid.Read("bravo"), default);
            seen.AddRange(page.Select(static one => one.Overlap.Id));
            if (page.Count < 2)
            {
                break;
            }

            after = page[^1].Overlap.Id;
        }

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Equal(5, seen.Count);
        Assert.Equal(40, (await _grid.OverlapsAsync("alpha")).Count);
    }

    // Neither a refusal nor the time it takes may tell that something is there: rows that are read are time.
    [Fact]
    public async Task ListOverlaps_PastManyNotSeen_ReadsNoneOfThem()
    {
        for (var i = 0; i < 210; i++)
        {
            await _grid.ClaimAsync("alpha", $"x{i}", disclosure: Disclosure.Silent);
            await _grid.ClaimAsync("bravo", $"x{i}");
        }

        Assert.Empty(await _grid.Grid.ListOverlapsAsync(
            new OverlapQuery(TestGrid.Agency("bravo"), null, 1), TestGrid.Read("bravo"), default));
        Assert.Equal(0, _grid.Ledger.OverlapsListed);
    }

    // Claimed again, and asked again by its request id: both answers are made of the claim's overlaps.
    [Fact]
    public async Task ClaimedAgain_WithOverlapsNotSeen_ReadsNoneOfThem()
    {
        for (var i = 0; i < 5; i++)
        {
            await _grid.ClaimAsync($"alpha{i}", "x", disclosure: Disclosure.Silent);
        }

        var request = TestGrid.Request("bravo");
        await _grid.ClaimAsync("bravo", "x", request: request);
        var duplicate = await _grid.ClaimAsync("bravo", "x");
        var replayed = await _grid.ClaimAsync("bravo", "x", request: request);

        Assert.Equal(AnswerStatus.Duplicate, duplicate.Status);
        Assert.Equal(0, duplicate.PointerCount + replayed.PointerCount);
        Assert.Equal(0, _grid.Ledger.OverlapsListed);
    }

    // A referrer sees no overlap of its own, so all there are would be walked past: that time would be the number of its hits.
    [Fact]
    public async Task Referrer_ListingOrClaimingAgain_IsNotReadFor()
    {
        var hotline = TestGrid.Request("hotline", role: AgencyRole.Hotline);
        await _grid.ClaimAsync("alpha", "x");
        await _grid.ClaimAsync("hotline", "x", request: hotline);

        var duplicate = await _grid.ClaimAsync("hotline", "x", request: TestGrid.Request("hotline", role: AgencyRole.Hotline));
        var replayed = await _grid.ClaimAsync("hotline", "x", request: hotline);
        var listed = await _grid.Grid.ListOverlapsAsync(
            new OverlapQuery(TestGrid.Agency("hotline"), null, 10), hotline with { RequestId = null, PayloadHash = default }, default);

        Assert.Equal((AnswerStatus.Duplicate, AnswerStatus.Done), (duplicate.Status, replayed.Status));
        Assert.Empty(listed);
        Assert.Equal(0, _grid.Ledger.OverlapLists);
        Assert.Single(await _grid.OverlapsAsync("alpha"));
    }

    [Fact]
    public async Task ListOverlaps_OfAnotherAgency_ListsTheAskersOwn()
    {
        await _grid.ClaimAsync("alpha", "x");
        await _grid.ClaimAsync("bravo", "x");

        Assert.Empty(await _grid.Grid.ListOverlapsAsync(
            new OverlapQuery(TestGrid.Agency("alpha"), null, 10), TestGrid.Read("charlie"), default));
        Assert.Empty(await _grid.Grid.ListClaimsAsync(
            new ClaimQuery(TestGrid.Agency("alpha"), null, 10), TestGrid.Read("charlie"), default));
    }
}
