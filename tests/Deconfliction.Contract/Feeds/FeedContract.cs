using System.Diagnostics;
using Deconfliction.Client;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Histories;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.Feeds;

/// <summary>One feed an agency, in order and without gaps, whichever node it is read at.</summary>
public abstract class FeedContract(SharedGrid shared)
{
    private static readonly CancellationToken None = CancellationToken.None;

    // The sweep comes every 3 s.
    private static readonly TimeSpan s_nudge = TimeSpan.FromSeconds(0.5);

    [Fact]
    public async Task Feed_OfClaimsThroughAllNodes_IsOneOrderAtEveryNode()
    {
        const int Count = 30;
        var owner = await shared.Grid.AddMemberAsync(SharedGrid.Unused("owner"));
        await MeetAsync(owner, Count);
        await Waiting.UntilAsync("all alerts are numbered", Awaited.AlertLimit, async () => (await owner.ReadFeedAsync()).Count == Count);

        var first = await owner.ReadFeedAsync();
        Assert.Equal(Enumerable.Range(1, Count).Select(position => (long)position), first.Select(alert => alert.Position));
        Assert.Equal(Count, first.Select(alert => alert.Overlap.Overlap).Distinct().Count());
        foreach (var node in shared.Grid.Nodes)
        {
            Assert.Equal(first, await Member.ReadFeedAsync(owner.At(node)));
            Assert.Equal(first.Skip(12), await Member.ReadFeedAsync(owner.At(node), after: 12));
        }
    }

    [Fact]
    public async Task Stream_AtAnyNode_GetsWhatIsClaimedAtAnother()
    {
        var owner = await shared.Grid.AddMemberAsync(SharedGrid.Unused("owner"));
        foreach (var listening in shared.Grid.Nodes)
        {
            await using var follower = await Follower.StartAsync(shared.Grid, owner, listening.Url);
            await Waiting.UntilAsync("what came before was sent", Awaited.AlertLimit, async () =>
                follower.Alerts.Count == (await owner.ReadFeedAsync()).Count);
            foreach (var claiming in shared.Grid.Nodes)
            {
                // A nudge is a matter of milliseconds; the sweep, which finds what no nudge announced, is not. A busy machine may be late with
                // one, but not with each.
                var took = new List<TimeSpan>();
                while (took.Count < 5 && !took.Exists(static time => time < s_nudge))
                {
                    took.Add(await PushAsync(owner, claiming, follower));
                }

                Assert.True(took.Exists(static time => time < s_nudge), $"Through {claiming.Name} to {listening.Name} alerts took {string.Join(", ", took)}.");
            }

            Assert.Equal(0, follower.Breaks);
        }
    }

    private async Task<TimeSpan> PushAsync(Member owner, NodeProcess claiming, Follower follower)
    {
        var (value, before) = (SharedGrid.UnusedMail(), follower.Alerts.Count);
        await owner.Elsewhere.Claims.CreateAsync(Requests.Claim(value, "O-1"), None);
        await shared.Bravo.At(claiming).Claims.CreateAsync(Requests.Claim(value, "B-1"), None);
        var since = Stopwatch.StartNew();
        await Waiting.UntilAsync($"an alert through {claiming.Name} is there", Awaited.AlertLimit, () => follower.Alerts.Count > before);
        Assert.Equal(value, follower.Alerts[^1].Identifier);
        return since.Elapsed;
    }

    [Fact]
    public async Task Follower_ReadsTheSameAsTheFeedInTheEnd()
    {
        var owner = await shared.Grid.AddMemberAsync(SharedGrid.Unused("owner"));
        await using var follower = await Follower.StartAsync(shared.Grid, owner, owner.Url);
        await MeetAsync(owner, 25);
        await Waiting.UntilAsync("all were pushed", Awaited.AlertLimit, () => follower.Alerts.Count == 25);

        var feed = await Member.ReadFeedAsync(owner.Elsewhere);
        Assert.Empty(DeliveryChecker.Check(follower.Deliveries, [.. feed.Select(alert => (alert.Position, Guid.Parse(alert.Alert_)))]));
    }

    [Fact]
    public async Task Acknowledge_AtOneNode_MovesWhereStreamsBeginAtEveryNode()
    {
        var owner = await shared.Grid.AddMemberAsync(SharedGrid.Unused("owner"));
        await MeetAsync(owner, 5);
        await Waiting.UntilAsync("all alerts are numbered", Awaited.AlertLimit, async () => (await owner.ReadFeedAsync()).Count == 5);

        Assert.Equal(3, await owner.Elsewhere.Alerts.AcknowledgeAsync(3, None));
        Assert.Equal(3, await owner.Client.Alerts.AcknowledgeAsync(2, None));

        foreach (var node in shared.Grid.Nodes)
        {
            await using var stream = owner.At(node).Alerts.StreamAsync(new StreamAlertsRequest { FromAcknowledged = true }, None).GetAsyncEnumerator();
            Assert.True(await stream.MoveNextAsync());
            Assert.Equal((5L, 1L, 3L), (stream.Current.Heartbeat.HeadPosition, stream.Current.Heartbeat.OldestPosition, stream.Current.Heartbeat.AcknowledgedPosition));
            Assert.True(await stream.MoveNextAsync());
            Assert.Equal(4, stream.Current.Alert.Position);
        }
    }

    [Fact]
    public async Task PositionBeyondTheHead_IsRefusedEverywhere()
    {
        var owner = await shared.Grid.AddMemberAsync(SharedGrid.Unused("owner"));
        foreach (var node in shared.Grid.Nodes)
        {
            using var limit = new CancellationTokenSource(Awaited.AlertLimit);
            var stream = await Assert.ThrowsAsync<GridException>(async () =>
                await owner.At(node).Alerts.StreamAsync(new StreamAlertsRequest { AfterPosition = 1_000_000 }, limit.Token).ToListAsync());
            Assert.Equal(("OUT_OF_RANGE", "FEED_POSITION_OUT_OF_RANGE", "after_position"), (stream.Error.Status, stream.Error.Reason, stream.Error.Field));
            var acknowledged = await Assert.ThrowsAsync<GridException>(() => owner.At(node).Alerts.AcknowledgeAsync(1_000_000, None));
            Assert.Equal(("OUT_OF_RANGE", "up_to_position"), (acknowledged.Error.Status, acknowledged.Error.Field));
        }
    }

    // Each through the next node, both sides.
    private async Task MeetAsync(Member owner, int count)
    {
        for (var number = 0; number < count; number++)
        {
            var value = SharedGrid.UnusedMail();
            await owner.At(shared.Grid.Nodes[number % shared.Grid.Nodes.Count]).Claims.CreateAsync(Requests.Claim(value, "O-1"), None);
            await shared.Bravo.At(shared.Grid.Nodes[(number + 1) % shared.Grid.Nodes.Count]).Claims.CreateAsync(Requests.Claim(value, "B-1"), None);
        }
    }
}
