using System.Collections.Concurrent;
using System.Diagnostics;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Ledger.Grouping;

/// <summary>
/// The ledger that both databases share: appends and loads go through pumps, two lanes each; numbering through a pump of its
/// own; everything else straight to the store (<c>GroupedLedger.Records.cs</c>).
/// </summary>
/// <remarks>
/// A group that met another writer's is run again a bounded number of times on the same audit chain, taken back to where it
/// was. After any other failure the chain is left as it ended, and the next group opens a new one.
/// </remarks>
internal sealed partial class GroupedLedger : ILedger
{
    private const int MaximumAttempts = 6;

    // A page of a feed may have hundreds of alerts, and a group of them is in memory at once.
    private const int FeedsAtOnce = 32;

    private readonly ILedgerStore _store;
    private readonly ILedgerRecords _records;
    private readonly LedgerOptions _options;
    private readonly ILogger _logger;
    private readonly LedgerClock _clock;
    private readonly TurnGate _writers;
    private readonly BulkPace _pace;
    private readonly ConcurrentBag<AuditChain> _chains = [];
    private readonly Pump<GroupItem, AppendOutcome>[] _appends;
    private readonly Pump<Tag, IdentifierRecord>[] _loads;
    private readonly Pump<OverlapQuery, IReadOnlyList<OverlapRecord>> _overlaps;
    private readonly Pump<FeedQuery, IReadOnlyList<FeedEntry>> _feeds;
    private readonly Pump<FeedQuery, IReadOnlyList<Alert>> _unnumbered;
    private readonly Pump<Numbering, bool> _numbering;
    private readonly LedgerMeters _meters = new();
    private LedgerHealth _health;

    private GroupedLedger(ILedgerStore store, ILedgerRecords records, LedgerOptions options, ILogger logger)
    {
        _store = store;
        _records = records;
        _options = options;
        _logger = logger;
        _clock = new LedgerClock(options.Time);
        _health = new LedgerHealth(IsReachable: true, options.Time.GetUtcNow(), Problem: null);
        _writers = new TurnGate(store.MaximumWriters);
        _pace = new BulkPace(options.Time);
        var writers = Math.Min(options.WritersPerLane, store.MaximumWriters);
        _appends =
        [
            new(Bounds("interactive append", writers, isWrite: true), (group, token) => AppendGroupAsync(group, Lane.Interactive, token), ProblemOf),
            new(Bounds("bulk append", writers, isWrite: true) with { Pace = _pace }, (group, token) => AppendGroupAsync(group, Lane.Bulk, token), ProblemOf),
        ];
        _loads =
        [
            new(Bounds("interactive load", options.WritersPerLane, isWrite: false), LoadGroupAsync),
            new(Bounds("bulk load", options.WritersPerLane, isWrite: false), LoadGroupAsync),
        ];
        _overlaps = new(Bounds("overlaps of claims", options.WritersPerLane, isWrite: false), ListOverlapGroupAsync);
        _feeds = new(Bounds("feeds", 1, isWrite: false) with { MaximumGroup = FeedsAtOnce }, ReadFeedGroupAsync);
        _unnumbered = new(Bounds("unnumbered alerts", 1, isWrite: false) with { MaximumGroup = FeedsAtOnce }, ReadUnnumberedGroupAsync);
        _numbering = new(Bounds("numbering", 1, isWrite: true), NumberGroupAsync);
    }

    /// <inheritdoc/>
    public DateTimeOffset Now => _clock.Now;

    /// <inheritdoc/>
    public LedgerHealth Health => Volatile.Read(ref _health);

    /// <summary>Takes over a store that is ready (migrated, locked); brings its time.</summary>
    public static async Task<GroupedLedger> OpenAsync(
        ILedgerStore store, ILedgerRecords records, LedgerOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        if (options.AuditKey.Length != 32)
        {
            throw new ArgumentException($"The audit key has 32 bytes; this one has {options.AuditKey.Length}.", nameof(options));
        }

        var ledger = new GroupedLedger(store, records, options, logger);
        await ledger.LoadGroupAsync([], cancellationToken);
        return ledger;
    }

    /// <inheritdoc/>
    public Task<IdentifierRecord> LoadAsync(Tag tag, Lane lane, CancellationToken cancellationToken)
    {
        Note(lane);
        return _loads[(int)lane].SubmitAsync(tag, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<AppendOutcome> AppendAsync(Append append, Lane lane, CancellationToken cancellationToken)
    {
        GroupPlan.Validate(append);
        return SubmitAsync(new GroupItem(append, append.Audit), lane, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<AppendOutcome> DecideAsync(LateAppend late, Lane lane, CancellationToken cancellationToken) =>
        SubmitAsync(new GroupItem(Append: null, Audit: null, Late: late), lane, cancellationToken);

    /// <inheritdoc/>
    public Task<AppendOutcome> RecordAsync(AuditDraft draft, Lane lane, CancellationToken cancellationToken) =>
        RecordAsync(draft, extra: null, lane, cancellationToken);

    /// <inheritdoc/>
    public Task<AppendOutcome> AcknowledgeFeedAsync(
        AgencyId agency, long upTo, AuditDraft draft, CancellationToken cancellationToken) =>
        RecordAsync(draft, new AcknowledgedFeed(agency, upTo), Lane.Interactive, cancellationToken);

    /// <inheritdoc/>
    public Task<AppendOutcome> SaveAgencyAsync(
        AgencyRecord agency, IReadOnlyList<Alert> alerts, AuditDraft draft, CancellationToken cancellationToken) =>
        RecordAsync(draft, new SavedAgency(agency, alerts), Lane.Interactive, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> NumberAsync(AgencyId agency, long first, IReadOnlyList<Guid> alertIds, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, 1);
        return _numbering.SubmitAsync(new Numbering(agency, first, alertIds), cancellationToken);
    }

    /// <summary>Lets what waits run, then closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(
            [.. _appends.Select(pump => pump.DisposeAsync().AsTask()),
            .. _loads.Select(pump => pump.DisposeAsync().AsTask()),
            _overlaps.DisposeAsync().AsTask(),
            _feeds.DisposeAsync().AsTask(),
            _unnumbered.DisposeAsync().AsTask(),
            _numbering.DisposeAsync().AsTask()]);
        await _store.DisposeAsync();
        _meters.Dispose();
    }

    private Task<AppendOutcome> RecordAsync(AuditDraft draft, IGroupExtra? extra, Lane lane, CancellationToken cancellationToken)
    {
        GroupPlan.Validate(draft);
        StorableText.Confirm(extra);
        return SubmitAsync(new GroupItem(Append: null, draft, extra), lane, cancellationToken);
    }

    private Task<AppendOutcome> SubmitAsync(GroupItem item, Lane lane, CancellationToken cancellationToken)
    {
        Note(lane);
        var span = LedgerTracing.StartAppend();
        return span is null ? _appends[(int)lane].SubmitAsync(item, cancellationToken) : SubmitTracedAsync(span, item, lane, cancellationToken);
    }

    private async Task<AppendOutcome> SubmitTracedAsync(Activity span, GroupItem item, Lane lane, CancellationToken cancellationToken)
    {
        using (span)
        {
            return await _appends[(int)lane].SubmitAsync(item with { Span = span }, cancellationToken);
        }
    }

    private static Exception? ProblemOf(AppendOutcome outcome) => (outcome as AppendOutcome.Failed)?.Problem;

    private void Note(Lane lane)
    {
        if (lane == Lane.Interactive)
        {
            _pace.Asked();
        }
    }

    private async Task<IReadOnlyList<AppendOutcome>> AppendGroupAsync(
        IReadOnlyList<GroupItem> group, Lane lane, CancellationToken cancellationToken)
    {
        try
        {
            await _writers.EnterAsync(lane, cancellationToken);
        }
        catch (OperationCanceledException closing)
        {
            throw new LedgerUnavailableException("The ledger closed before this group had its turn; nothing was written.", closing);
        }

        try
        {
            var (began, started) = (DateTimeOffset.UtcNow, _options.Time.GetTimestamp());
            var outcome = await WatchAsync(() => AppendOnChainAsync(group, cancellationToken));
            _clock.Observe(outcome.Now);
            _meters.Committed(lane, outcome.Outcomes, _options.Time.GetElapsedTime(started));
            LedgerTracing.Committed(group, began);
            return outcome.Outcomes;
        }
        finally
        {
            _writers.Leave();
        }
    }

    private async Task<GroupOutcome> AppendOnChainAsync(IReadOnlyList<GroupItem> group, CancellationToken cancellationToken)
    {
        if (!_chains.TryTake(out var chain))
        {
            chain = await _store.OpenChainAsync(cancellationToken);
            Log.AuditChainOpened(_logger, chain.Writer);
        }

        var mark = chain.Mark();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var outcome = await _store.AppendGroupAsync(group, chain, cancellationToken);
                _chains.Add(chain);
                return outcome;
            }
            catch (GroupConflictException conflict)
            {
                chain.Rewind(mark);
                if (attempt == MaximumAttempts)
                {
                    _chains.Add(chain);
                    throw new LedgerUnavailableException(
                        $"A group met other writers {MaximumAttempts} times in a row and was not written. Retry after a while.", conflict);
                }

                Log.GroupConflict(_logger, group.Count, attempt, conflict);
            }
            catch (OutcomeUnknownException unknown)
            {
                Log.GroupOutcomeUnknown(_logger, group.Count, chain.Writer, unknown);
                throw;
            }
        }
    }

    private async Task<IReadOnlyList<IdentifierRecord>> LoadGroupAsync(
        IReadOnlyList<Tag> tags, CancellationToken cancellationToken)
    {
        var (records, now) = await WatchAsync(() => _store.LoadGroupAsync(tags, cancellationToken));
        _clock.Observe(now);
        return records;
    }

    private Task<IReadOnlyList<IReadOnlyList<OverlapRecord>>> ListOverlapGroupAsync(
        IReadOnlyList<OverlapQuery> group, CancellationToken cancellationToken) =>
        WatchAsync(() => _store.ListOverlapGroupAsync(group, cancellationToken));

    private Task<IReadOnlyList<IReadOnlyList<FeedEntry>>> ReadFeedGroupAsync(
        IReadOnlyList<FeedQuery> group, CancellationToken cancellationToken) =>
        WatchAsync(() => _store.ReadFeedGroupAsync(group, cancellationToken));

    private Task<IReadOnlyList<IReadOnlyList<Alert>>> ReadUnnumberedGroupAsync(
        IReadOnlyList<FeedQuery> group, CancellationToken cancellationToken) =>
        WatchAsync(() => _store.ReadUnnumberedGroupAsync(group, cancellationToken));

    private Task<IReadOnlyList<bool>> NumberGroupAsync(IReadOnlyList<Numbering> group, CancellationToken cancellationToken) =>
        WatchAsync(() => _store.NumberGroupAsync(group, cancellationToken));

    // Health is what the last attempt to reach the database came to.
    private async Task<T> WatchAsync<T>(Func<Task<T>> attempt)
    {
        try
        {
            var result = await attempt();
            var before = Interlocked.Exchange(ref _health, new LedgerHealth(IsReachable: true, _options.Time.GetUtcNow(), Problem: null));
            if (!before.IsReachable)
            {
                Log.LedgerReachable(_logger);
            }

            return result;
        }
        catch (Exception problem) when (problem is LedgerUnavailableException or OutcomeUnknownException)
        {
            var before = Health;
            Volatile.Write(ref _health, new LedgerHealth(IsReachable: false, before.LastSuccess, problem.Message));
            if (before.IsReachable)
            {
                Log.LedgerUnreachable(_logger, problem.Message, problem);
            }

            throw;
        }
    }

    private PumpOptions Bounds(string name, int workers, bool isWrite)
    {
        var bounds = new PumpOptions
        {
            Name = name,
            MaximumGroup = _options.MaximumGroup,
            MaximumQueue = _options.MaximumQueue,
            Workers = workers,
            WorthASecond = _options.WorthASecondGroup,
            Grace = _options.CommandTimeout,
        };
        return isWrite ? bounds with { Abandoned = PumpOptions.OutcomeUnknown } : bounds;
    }
}
