using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;
using Deconfliction.Ledger.Grouping;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Ledger.Tests.Grouping;

public sealed class GroupedLedgerTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private readonly ScriptedStore _store = new();

    [Fact]
    public async Task Append_BulkLaneBlocked_InteractiveCompletes()
    {
        await using var ledger = await OpenAsync();
        using var blocked = new SemaphoreSlim(0);
        _store.OnAppend = async (group, _) =>
        {
            if (string.Equals(group[0].Audit!.Result, "bulk", StringComparison.Ordinal))
            {
                await blocked.WaitAsync();
            }
        };
        var bulk = Enumerable.Range(0, 20).Select(_ => RecordAsync(ledger, "bulk", Lane.Bulk)).ToList();

        Assert.IsType<AppendOutcome.Committed>(await RecordAsync(ledger, "interactive", Lane.Interactive).WaitAsync(Limit));

        Assert.All(bulk, task => Assert.False(task.IsCompleted));
        blocked.Release(100);
        await Task.WhenAll(bulk).WaitAsync(Limit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Append_BulkWhileSomebodyWaitsForAnAnswer_GoesInSmallGroupsOneAtATime(bool byLoading)
    {
        var time = new FakeTimeProvider();
        await using var ledger = await OpenAsync(TestStore.Options with { Time = time });
        using var blocked = new SemaphoreSlim(0);
        var (sizes, underWay, most) = (new List<int>(), 0, 0);
        _store.OnAppend = async (group, _) =>
        {
            if (string.Equals(group[0].Audit!.Result, "bulk", StringComparison.Ordinal))
            {
                most = Math.Max(most, Interlocked.Increment(ref underWay));
                lock (sizes)
                {
                    sizes.Add(group.Count);
                }

                await blocked.WaitAsync();
                Interlocked.Decrement(ref underWay);
            }
        };
        Task asked = byLoading ? ledger.LoadAsync(Facts.NewTag(), Lane.Interactive, default) : RecordAsync(ledger, "interactive", Lane.Interactive);
        await asked.WaitAsync(Limit);

        var bulk = Enumerable.Range(0, 200).Select(_ => RecordAsync(ledger, "bulk", Lane.Bulk)).ToList();
        blocked.Release(200);
        await Task.WhenAll(bulk).WaitAsync(Limit);
        Assert.All(sizes, static size => Assert.InRange(size, 1, BulkPace.MostBeside));
        Assert.Equal(1, most);

        // Nobody has asked for a while: what has piled up behind a group goes as one.
        time.Advance(BulkPace.About);
        while (blocked.Wait(0))
        {
        }

        sizes.Clear();
        bulk = [.. Enumerable.Range(0, 200).Select(_ => RecordAsync(ledger, "bulk", Lane.Bulk))];
        blocked.Release(200);
        await Task.WhenAll(bulk).WaitAsync(Limit);
        Assert.Contains(sizes, static size => size > BulkPace.MostBeside);
    }

    [Fact]
    public async Task Append_Conflict_RunsAgainOnTheChainTakenBack()
    {
        await using var ledger = await OpenAsync();
        var attempts = 0;
        _store.OnAppend = (_, chain) => ++attempts < 3 ? throw new GroupConflictException("x") : Task.CompletedTask;

        Assert.IsType<AppendOutcome.Committed>(await RecordAsync(ledger, "a", Lane.Interactive));

        Assert.Equal(3, attempts);
        Assert.Equal([1], _store.Committed.Select(entry => entry.Number));
        Assert.Equal(1, _store.Chains);
    }

    [Fact]
    public async Task Append_ConflictWithoutEnd_IsUnavailableAfterABoundedNumberOfAttempts()
    {
        await using var ledger = await OpenAsync();
        _store.OnAppend = (_, _) => throw new GroupConflictException("x");

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => RecordAsync(ledger, "a", Lane.Interactive).WaitAsync(Limit));
    }

    [Fact]
    public async Task Append_OutcomeUnknown_LeavesTheChainAndSaysSo()
    {
        await using var ledger = await OpenAsync();
        await RecordAsync(ledger, "a", Lane.Interactive);
        _store.OnAppend = (_, _) => throw new OutcomeUnknownException("no answer");
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => RecordAsync(ledger, "b", Lane.Interactive));
        Assert.Equal((false, "no answer"), (ledger.Health.IsReachable, ledger.Health.Problem));
        _store.OnAppend = null;

        await RecordAsync(ledger, "c", Lane.Interactive);

        Assert.Equal([(1, 1), (2, 1)], _store.Committed.Select(entry => ((int)entry.Writer, (int)entry.Number)));
        Assert.Equal((true, null), (ledger.Health.IsReachable, ledger.Health.Problem));
    }

    [Fact]
    public async Task Now_DatabaseClockGoesBack_StandsStill()
    {
        await using var ledger = await OpenAsync();
        var before = ledger.Now;
        _store.Now = before.AddHours(-1);
        await ledger.LoadAsync(Facts.NewTag(), Lane.Interactive, default);

        Assert.True(ledger.Now >= before);

        _store.Now = before.AddHours(1);
        await ledger.LoadAsync(Facts.NewTag(), Lane.Interactive, default);
        Assert.True(ledger.Now >= before.AddHours(1));
    }

    private static Task<AppendOutcome> RecordAsync(ILedger ledger, string result, Lane lane) =>
        ledger.RecordAsync(Facts.Draft(Facts.Alpha) with { Result = result }, lane, default);

    // What is not asked of this test's store is not there to be asked.
    private Task<GroupedLedger> OpenAsync(LedgerOptions? options = null) =>
        GroupedLedger.OpenAsync(_store, records: null!, options ?? TestStore.Options, NullLogger.Instance, default);

    private sealed class ScriptedStore : ILedgerStore
    {
        public Func<IReadOnlyList<GroupItem>, AuditChain, Task>? OnAppend { get; set; }

        public DateTimeOffset Now { get; set; } = DateTimeOffset.UtcNow;

        public List<AuditEntry> Committed { get; } = [];

        public int Chains { get; private set; }

        public int MaximumWriters => 4;

        public Task<AuditChain> OpenChainAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new AuditChain(++Chains, TestStore.AuditKey));

        public async Task<GroupOutcome> AppendGroupAsync(
            IReadOnlyList<GroupItem> group, AuditChain chain, CancellationToken cancellationToken)
        {
            var rows = new GroupPlan(group).Decide(new GroupRead(), chain, Now);
            if (OnAppend is { } script)
            {
                await script(group, chain);
            }

            lock (Committed)
            {
                Committed.AddRange(rows.Audit);
            }

            return new GroupOutcome(rows.Outcomes, Now);
        }

        public Task<(IReadOnlyList<IdentifierRecord> Records, DateTimeOffset Now)> LoadGroupAsync(
            IReadOnlyList<Tag> tags, CancellationToken cancellationToken) =>
            Task.FromResult(((IReadOnlyList<IdentifierRecord>)[.. tags.Select(IdentifierRecord.Absent)], Now));

        public Task<IReadOnlyList<IReadOnlyList<OverlapRecord>>> ListOverlapGroupAsync(
            IReadOnlyList<OverlapQuery> claims, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<IReadOnlyList<OverlapRecord>>>([.. claims.Select(_ => Array.Empty<OverlapRecord>())]);

        public Task<IReadOnlyList<IReadOnlyList<FeedEntry>>> ReadFeedGroupAsync(
            IReadOnlyList<FeedQuery> feeds, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<IReadOnlyList<FeedEntry>>>([.. feeds.Select(_ => Array.Empty<FeedEntry>())]);

        public Task<IReadOnlyList<IReadOnlyList<Alert>>> ReadUnnumberedGroupAsync(
            IReadOnlyList<FeedQuery> agencies, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<IReadOnlyList<Alert>>>([.. agencies.Select(_ => Array.Empty<Alert>())]);

        public Task<IReadOnlyList<bool>> NumberGroupAsync(IReadOnlyList<Numbering> group, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<bool>>([.. group.Select(_ => true)]);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
