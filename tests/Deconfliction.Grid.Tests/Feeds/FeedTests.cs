using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Grid.Tests.Setup;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Grid.Tests.Feeds;

/// <summary>I5: each agency's feed is ordered and gap-free, and can be resumed from any kept position.</summary>
public sealed class FeedTests : IAsyncLifetime
{
    private Store _store = null!;
    private TestGrid _grid = null!;

    public async Task InitializeAsync()
    {
        _store = await Store.OpenAsync();
        _grid = await _store.GridAsync(new GridOptions { FeedHeartbeat = TimeSpan.FromMilliseconds(100) });
    }

    public async Task DisposeAsync() => await _store.DisposeAsync();

    [Fact]
    public async Task Feed_UnderConcurrentAlertsThroughTwoGrids_IsGapFreeAndResumesFromEveryPosition()
    {
        var other = await _store.GridAsync();
        const int values = 60;
        var live = _grid.FeedAsync("alpha", 0, values * 2);
        await Task.WhenAll(
            from value in Enumerable.Range(0, values)
            from agency in (string[])["alpha", "bravo", "charlie"]
            select (value % 2 == 0 ? _grid : other).ClaimAsync(agency, $"x{value}"));

        var items = await live;

        Assert.Equal(Enumerable.Range(1, values * 2).Select(static i => (long)i), items.Select(static one => one.Entry!.Position));
        Assert.Equal(values * 2, items.Select(static one => one.Entry!.Alert.Id).Distinct().Count());
        Assert.All(items, static one => Assert.Equal(AlertKind.OverlapFound, one.Entry!.Alert.Kind));
        for (var after = 0; after < items.Count; after += 7)
        {
            var resumed = await other.FeedAsync("alpha", after, items.Count - after);
            Assert.Equal(
                items.Skip(after).Select(static one => (one.Entry!.Position, one.Entry.Alert.Id)),
                resumed.Select(static one => (one.Entry!.Position, one.Entry.Alert.Id)));
        }
    }

    [Theory]
    [InlineData(Fault.Unavailable)]
    [InlineData(Fault.CommittedUnknown)]
    public async Task NumberingThatFails_LosesNothing_OnceTheSweepComes(Fault fault)
    {
        var failures = 0;
        _grid.Ledger.NumberFault = _ =>
        {
            Interlocked.Increment(ref failures);
            return fault;
        };
        await _grid.ClaimAsync("alpha", "x");
        await _grid.ClaimAsync("bravo", "x");
        await Until.TrueAsync(() => Volatile.Read(ref failures) >= 2, "both agencies' numbering fails");
        _grid.Ledger.NumberFault = static _ => Fault.None;

        await _grid.Solo.Upkeep.SweepAlertsAsync(default);

        await Until.TrueAsync(
            async () => (await _store.Ledger.ReadFeedBoundsAsync(TestGrid.Agency("alpha"), default)).Head == 1, "the alert is numbered");
        Assert.Single(await _grid.FeedAsync("alpha", 0, 1));
        Assert.Empty(await _store.Ledger.ReadUnnumberedAsync(TestGrid.Agency("alpha"), 10, default));
    }

    [Fact]
    public async Task LostNudge_IsFoundByAnotherGridThatStarts()
    {
        _grid.Ledger.NumberFault = static _ => Fault.Unavailable;
        await _grid.ClaimAsync("alpha", "x");
        await _grid.ClaimAsync("bravo", "x");

        var restarted = await _store.GridAsync();

        Assert.Single(await restarted.FeedAsync("alpha", 0, 1));
    }

    [Fact]
    public async Task QuietFeed_SaysWhereItsHeadIs()
    {
        await _grid.ClaimAsync("alpha", "x");
        await _grid.ClaimAsync("bravo", "x");
        await _grid.FeedAsync("alpha", 0, 1);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));

        await using var feed = _grid.Grid.ReadFeedAsync(1, TestGrid.Read("alpha"), limit.Token).GetAsyncEnumerator();
        Assert.True(await feed.MoveNextAsync());
        Assert.Equal((1L, null), (feed.Current.Head, feed.Current.Entry));

        await _grid.ClaimAsync("charlie", "x");
        do
        {
            Assert.True(await feed.MoveNextAsync());
        }
        while (feed.Current.Entry is null);
        Assert.Equal(2, feed.Current.Entry.Position);
    }

    [Fact]
    public async Task Feed_EndsWithItsToken()
    {
        using var stop = new CancellationTokenSource();
        var reading = Task.Run(async () =>
        {
            await foreach (var item in _grid.Grid.ReadFeedAsync(0, TestGrid.Read("alpha"), stop.Token))
            {
                await stop.CancelAsync();
            }
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task ManyReadersOfOneAgency_EachGetAll_AndASlowOneHoldsNobodyUp()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await using var slow = _grid.Grid.ReadFeedAsync(0, TestGrid.Read("alpha"), limit.Token).GetAsyncEnumerator();
        var first = slow.MoveNextAsync();
        var readers = Enumerable.Range(0, 8).Select(_ => _grid.FeedAsync("alpha", 0, 30)).ToList();
        for (var i = 0; i < 30; i++)
        {
            await _grid.ClaimAsync("alpha", $"x{i}");
            await _grid.ClaimAsync("bravo", $"x{i}");
        }

        var all = await Task.WhenAll(readers);

        Assert.All(all, feed => Assert.Equal(
            all[0].Select(static one => one.Entry!.Alert.Id), feed.Select(static one => one.Entry!.Alert.Id)));
        Assert.True(await first);
        var position = 0L;
        while (position < 30)
        {
            if (slow.Current.Entry is { } entry)
            {
                Assert.Equal(++position, entry.Position);
            }

            Assert.True(await slow.MoveNextAsync());
        }
    }

    [Fact]
    public async Task Delivery_ShowsWhatMayBeSeenThen_AndKeepsThePlace()
    {
        var other = (await _grid.ClaimAsync("alpha", "x")).Claim!;
        await _grid.ClaimAsync("bravo", "x");
        Assert.NotNull((await _grid.FeedAsync("bravo", 0, 1))[0].Overlap);
        await _grid.Grid.UpdateClaimAsync(
            other.Id, new ClaimChange(null, null, null, Disclosure.Silent, null), TestGrid.Request("alpha"), default);

        var item = (await _grid.FeedAsync("bravo", 0, 1))[0];

        Assert.Equal(1, item.Entry!.Position);
        Assert.Null(item.Overlap);
        Assert.Null(item.Entry.Overlap);
    }

    [Fact]
    public async Task OpeningAndDelivering_AreRecordedBeforeTheyAreSeen()
    {
        await _grid.ClaimAsync("alpha", "x");
        await _grid.ClaimAsync("bravo", "x");
        await _grid.FeedAsync("alpha", 0, 1);

        var entries = (await _store.Ledger.ListAuditAsync(new AuditQuery(null, 100, TestGrid.Agency("alpha")), default))
            .Where(static one => one.Draft.Operation == Operation.ReadFeed).ToList();

        Assert.Equal(["OPENED 0", "SENT 1-1"], entries.Select(static one => one.Draft.Result));
        Assert.Equal("bravo", Assert.Single(entries[1].Draft.Disclosures).Of.Value);
    }

    [Fact]
    public async Task Acknowledge_MovesWhereReadingStarts_AndRefusesWhatIsBeyondTheHead()
    {
        for (var i = 0; i < 3; i++)
        {
            await _grid.ClaimAsync("alpha", $"x{i}");
            await _grid.ClaimAsync("bravo", $"x{i}");
        }

        await _grid.FeedAsync("alpha", 0, 3);
        var bounds = await _grid.Grid.AcknowledgeAlertsAsync(2, TestGrid.Request("alpha"), default);
        Assert.Equal((3, 2), (bounds.Head, bounds.Acknowledged));
        var back = await _grid.Grid.AcknowledgeAlertsAsync(1, TestGrid.Request("alpha"), default);
        Assert.Equal(2, back.Acknowledged);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await using var feed = _grid.Grid.ReadFeedAsync(null, TestGrid.Read("alpha"), limit.Token).GetAsyncEnumerator();
        Assert.True(await feed.MoveNextAsync());
        Assert.Equal(3, feed.Current.Entry!.Position);

        var refused = await Assert.ThrowsAsync<FeedPositionException>(
            () => _grid.Grid.AcknowledgeAlertsAsync(4, TestGrid.Request("alpha"), default));
        Assert.Equal(3, refused.Head);
        await Assert.ThrowsAsync<FeedPositionException>(() => _grid.FeedAsync("alpha", 4, 1));
    }

    [Fact]
    public async Task PurgedPositions_AreRefused_WithTheOldestThatIsKept()
    {
        await _grid.ClaimAsync("alpha", "x");
        await _grid.ClaimAsync("bravo", "x");
        await _grid.ClaimAsync("charlie", "x");
        await _grid.FeedAsync("alpha", 0, 2);
        await _grid.Grid.AcknowledgeAlertsAsync(1, TestGrid.Request("alpha"), default);
        _grid.Ledger.Ahead = TimeSpan.FromDays(91);

        await _grid.Solo.Upkeep.PurgeAsync(default);

        var refused = await Assert.ThrowsAsync<FeedPositionException>(() => _grid.FeedAsync("alpha", 0, 1));
        Assert.Equal((2, 2), (refused.OldestAvailable, refused.Head));
        Assert.Equal(2, Assert.Single(await _grid.FeedAsync("alpha", 1, 1)).Entry!.Position);
    }

    [Fact]
    public async Task FeedOfWhichNothingIsKept_IsReadOnFromItsHeadOnly()
    {
        await _grid.ClaimAsync("alpha", "x");
        await _grid.ClaimAsync("bravo", "x");
        await _grid.FeedAsync("alpha", 0, 1);
        await _grid.Grid.AcknowledgeAlertsAsync(1, TestGrid.Request("alpha"), default);
        _grid.Ledger.Ahead = TimeSpan.FromDays(91);
        await _grid.Solo.Upkeep.PurgeAsync(default);

        var refused = await Assert.ThrowsAsync<FeedPositionException>(() => _grid.FeedAsync("alpha", 0, 1));
        Assert.Equal((2, 1), (refused.OldestAvailable, refused.Head));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        await using var feed = _grid.Grid.ReadFeedAsync(1, TestGrid.Read("alpha"), limit.Token).GetAsyncEnumerator();
        Assert.True(await feed.MoveNextAsync());
        Assert.Equal((1L, null), (feed.Current.Head, feed.Current.Entry));
    }
}
