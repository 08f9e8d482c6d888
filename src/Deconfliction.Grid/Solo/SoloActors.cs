using System.Collections.Concurrent;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Snapshots;
using Deconfliction.Ledger;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Grid.Solo;

/// <summary>
/// Runs all actors in this process: turns of an identifier one at a time, those of different identifiers at once, idle actors evicted.
/// </summary>
/// <remarks>
/// Whoever posts the first turn of an idle actor starts its pump on its own thread; the pump ends with the last turn. So an idle actor
/// costs no task, and a lone turn no hop to another thread. All queues are bounded a lane, by actor and in total.
/// </remarks>
public sealed class SoloActors : IActors, IAsyncDisposable
{
    private readonly GridOptions _options;
    private readonly ActorContext _context;
    private readonly ActorCache _cache;
    private readonly ConcurrentDictionary<AgencyId, AgencyActor> _agencies = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _waitingInteractive;
    private int _waitingBulk;
    private int _open;
    private volatile bool _isStopping;

    /// <summary>No actor yet; each is made when it is first asked.</summary>
    public SoloActors(
        ILedger ledger, GridOptions options, IIdSource ids, TimeProvider time, GridMeters meters, ILoggerFactory logging)
    {
        _options = options.Validated();
        _stopped = _stop.Token;
        _context = new ActorContext(ledger, options.Policy, ids, time, meters, logging, Nudge)
        {
            Long = new LongIdentifiers(ledger, new LedgerSnapshots(ledger), options, time, logging),
        };
        _cache = new ActorCache(options.MaximumActors, options.MaximumActorBytes);
        meters.ObserveActiveActors(() => _cache.Count);
    }

    /// <summary>Identifiers held in memory.</summary>
    public int ActiveActors => _cache.Count;

    /// <summary>What they weigh together, by estimate, in bytes.</summary>
    public long ActiveBytes => _cache.Weight;

    /// <inheritdoc/>
    public Task<Answer> AskAsync(TagKey key, Turn turn, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new PendingTurn(key.KeyId, turn);
        Admit(pending.Lane);
        pending.AbandonOn(cancellationToken);
        var mailbox = Post(key.Tag, pending, out var posted);
        if (posted == Posted.Full)
        {
            Leave(pending.Lane);
            pending.Dismiss();
            throw Shed($"{_options.MaximumQueuePerActor} requests are waiting for this identifier already");
        }

        if (posted == Posted.Start)
        {
            _ = PumpAsync(mailbox);
        }

        return pending.Task;
    }

    /// <inheritdoc/>
    public void Nudge(AgencyId agency) => ActorOf(agency).Nudge();

    /// <inheritdoc/>
    public Task<long> WaitForHeadAsync(AgencyId agency, long known, TimeSpan wait, CancellationToken cancellationToken) =>
        ActorOf(agency).WaitForHeadAsync(known, wait, cancellationToken);

    /// <summary>Takes no more turns, and waits for those that it has, as long as the options say.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isStopping)
        {
            return;
        }

        _isStopping = true;
        if (Volatile.Read(ref _open) > 0)
        {
            try
            {
                await _drained.Task.WaitAsync(_options.DrainTimeout, _context.Time);
            }
            catch (TimeoutException)
            {
                _context.Logger.DrainIncomplete(Volatile.Read(ref _open));
            }
        }

        await _stop.CancelAsync();
        _stop.Dispose();
        await _context.Long.DisposeAsync();
    }

    private Mailbox Post(Tag tag, PendingTurn pending, out Posted posted)
    {
        while (true)
        {
            if (!_cache.TryFind(tag, out var mailbox))
            {
                mailbox = new Mailbox(tag, new IdentifierActor(tag, _context));
                if (!_cache.TryAdd(mailbox))
                {
                    continue;
                }
            }

            posted = mailbox.Post(pending, _options.MaximumQueuePerActor);
            if (posted != Posted.Closed)
            {
                return mailbox;
            }
        }
    }

    private async Task PumpAsync(Mailbox mailbox)
    {
        while (mailbox.Take() is { } pending)
        {
            if (!pending.IsAbandoned)
            {
                await TakeTurnAsync(mailbox, pending);
            }

            Leave(pending.Lane);
        }
    }

    private async Task TakeTurnAsync(Mailbox mailbox, PendingTurn pending)
    {
        try
        {
            var answer = pending.Lane == Lane.Bulk
                ? await TakeBulkTurnAsync(mailbox, pending)
                : await mailbox.Actor.HandleAsync(pending.KeyId, pending.Turn, Lane.Interactive, _stopped);
            _cache.Weigh(mailbox, ActorCache.EmptyWeight + mailbox.Actor.Weight);
            pending.Answer(answer);
        }
        catch (Exception e)
        {
            _cache.Weigh(mailbox, ActorCache.EmptyWeight + mailbox.Actor.Weight);
            if (!pending.Fail(e))
            {
                _context.Logger.AbandonedTurnFailed(mailbox.Tag.ToString(), e);
            }
        }
    }

    // A bulk turn waits in the ledger's bulk lane. If an interactive one comes behind it, the wait is broken off and the turn taken again
    // in the interactive lane; if the first had been committed after all, the request id makes the second its replay.
    private async Task<Answer> TakeBulkTurnAsync(Mailbox mailbox, PendingTurn pending)
    {
        if (mailbox.BeginBulk() is { } hurry)
        {
            try
            {
                return await mailbox.Actor.HandleAsync(pending.KeyId, pending.Turn, Lane.Bulk, hurry);
            }
            catch (Exception e) when (hurry.IsCancellationRequested && e is OperationCanceledException or OutcomeUnknownException)
            {
                _context.Logger.BulkTurnHurried(mailbox.Tag.ToString());
            }
        }

        return await mailbox.Actor.HandleAsync(pending.KeyId, pending.Turn, Lane.Interactive, _stopped);
    }

    private void Admit(Lane lane)
    {
        if (_isStopping)
        {
            throw new LedgerUnavailableException("This server is stopping; nothing was done. Ask another, or again when it has restarted.");
        }

        ref var waiting = ref lane == Lane.Interactive ? ref _waitingInteractive : ref _waitingBulk;
        if (Interlocked.Increment(ref waiting) > _options.MaximumQueue)
        {
            Interlocked.Decrement(ref waiting);
            throw Shed($"{_options.MaximumQueue} requests are waiting in the {lane} lane already");
        }

        Interlocked.Increment(ref _open);
    }

    private void Leave(Lane lane)
    {
        Interlocked.Decrement(ref lane == Lane.Interactive ? ref _waitingInteractive : ref _waitingBulk);
        if (Interlocked.Decrement(ref _open) == 0 && _isStopping)
        {
            _drained.TrySetResult();
        }
    }

    private GridOverloadedException Shed(string why)
    {
        _context.Meters.Shed();
        return new GridOverloadedException(
            $"{why}. Nothing was done; try again in {_options.RetryAfter.TotalMilliseconds} ms with the same request id.",
            _options.RetryAfter);
    }

    private AgencyActor ActorOf(AgencyId agency) =>
        _agencies.GetOrAdd(agency, static (id, context) => new AgencyActor(id, context), _context);
}
