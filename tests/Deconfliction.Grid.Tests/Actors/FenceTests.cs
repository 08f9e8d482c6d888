using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Tests.Setup;

namespace Deconfliction.Grid.Tests.Actors;

/// <summary>Two grids that know nothing of each other, each with its own actor of one identifier: the ledger is the fence.</summary>
public sealed class FenceTests : IAsyncLifetime
{
    private Store _store = null!;
    private TestGrid _one = null!;
    private TestGrid _two = null!;

    public async Task InitializeAsync()
    {
        _store = await Store.OpenAsync();
        _one = await _store.GridAsync();
        _two = await _store.GridAsync();
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Claim_OnAStaleVersion_FindsWhatTheOtherGridWrote()
    {
        var stale = (await _one.ClaimAsync("alpha", "x")).Claim!;
        var unseen = (await _two.ClaimAsync("bravo", "x")).Claim!;

        var answer = await _one.ClaimAsync("charlie", "x");

        Assert.Equal([stale.Id, unseen.Id], answer.Pointers.Select(static one => one.Other.Id));
        Assert.Equal(3, (await _store.Ledger.ReadStatisticsAsync(default)).Overlaps);
    }

    [Fact]
    public async Task Check_OnAStaleVersion_FindsWhatTheOtherGridWrote()
    {
        Assert.Empty((await _one.CheckAsync("charlie", "x")).Pointers);
        var unseen = (await _two.ClaimAsync("bravo", "x")).Claim!;
        Assert.Equal(unseen.Id, Assert.Single((await _one.CheckAsync("charlie", "x")).Pointers).Other.Id);

        await _two.ReleaseAsync("bravo", unseen.Id);

        Assert.Empty((await _one.CheckAsync("charlie", "x")).Pointers);
    }

    [Fact]
    public async Task Release_OnAStaleVersion_IsDecidedAnew()
    {
        var claim = (await _one.ClaimAsync("alpha", "x")).Claim!;
        var other = (await _two.ClaimAsync("bravo", "x")).Claim!;

        Assert.Equal(AnswerStatus.Done, (await _one.ReleaseAsync("alpha", claim.Id)).Status);
        Assert.Equal(AnswerStatus.Ended, (await _two.ReleaseAsync("alpha", claim.Id)).Status);
        Assert.Equal(other.Id, Assert.Single((await _two.CheckAsync("charlie", "x")).Pointers).Other.Id);
        Assert.Equal(AnswerStatus.Duplicate, (await _one.ClaimAsync("bravo", "x")).Status);
    }

    [Fact]
    public async Task UpdateAndOverlapAct_OnAStaleVersion_AreDecidedAnew()
    {
        var claim = (await _one.ClaimAsync("alpha", "x", disclosure: Disclosure.Masked)).Claim!;
        await _one.CheckAsync("charlie", "x");
        var overlap = (await _two.ClaimAsync("bravo", "x")).Pointers[0].OverlapId;

        var updated = await _one.Grid.UpdateClaimAsync(
            claim.Id, new ClaimChange(null, null, null, Disclosure.Open, null), TestGrid.Request("alpha"), default);
        var acknowledged = await _two.ActAsync("alpha", overlap, OverlapAction.Acknowledge);

        Assert.Equal(AnswerStatus.Done, updated.Status);
        Assert.Equal(AnswerStatus.Done, acknowledged.Status);
        Assert.Equal(
            [Domain.Alerts.AlertKind.OverlapFound, Domain.Alerts.AlertKind.Disclosed, Domain.Alerts.AlertKind.OverlapAcknowledged],
            (await _one.FeedAsync("bravo", 0, 3)).Select(static one => one.Entry!.Alert.Kind));
    }

    [Fact]
    public async Task Duplicate_WhoseOverlapsAreNewerThanTheState_IsDecidedAnew()
    {
        await _one.ClaimAsync("alpha", "x");
        var unseen = (await _two.ClaimAsync("bravo", "x")).Claim!;

        var again = await _one.ClaimAsync("alpha", "x");

        Assert.Equal(AnswerStatus.Duplicate, again.Status);
        Assert.Equal(unseen.Id, Assert.Single(again.Pointers).Other.Id);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(24)]
    public async Task AgenciesRacingOnOneIdentifier_MakeEachPairOnce(int agencies)
    {
        await _one.ClaimAsync("neighbour-a", "y");

        var answers = await Task.WhenAll(Enumerable.Range(0, agencies).Select(
            i => (i % 2 == 0 ? _one : _two).ClaimAsync($"agency-{i}", "x")));

        var pairs = agencies * (agencies - 1) / 2;
        var statistics = await _store.Ledger.ReadStatisticsAsync(default);
        Assert.Equal(pairs, statistics.Overlaps);
        Assert.Equal(2 * pairs, statistics.Alerts);
        Assert.Equal(pairs, answers.Sum(static one => one.PointerCount));
        for (var i = 0; i < agencies; i++)
        {
            var feed = await _one.FeedAsync($"agency-{i}", 0, agencies - 1);
            Assert.Equal(agencies - 1, feed.Select(static one => one.Overlap!.Pointer.Other.Agency).Distinct().Count());
            Assert.Equal(agencies - 1, (await _two.OverlapsAsync($"agency-{i}")).Count);
        }

        Assert.Empty(await _one.OverlapsAsync("neighbour-a"));
    }
}
