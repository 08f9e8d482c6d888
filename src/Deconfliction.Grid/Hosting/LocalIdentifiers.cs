using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid.Actors;
using Deconfliction.Ledger;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Grid.Hosting;

/// <summary>
/// Runs the identifiers' actors of this process: turns of an identifier one at a time, those of different identifiers at once, idle
/// actors evicted. Both hosts stand on it: solo hands it every turn, a silo the turns of the grains that live there.
/// </summary>
/// <remarks>
/// Whoever posts the first turn of an idle actor starts its pump on its own thread; the pump ends with the last turn. So an idle actor
/// costs no task, and a lone turn no hop to another thread. All queues are bounded a lane, by actor and in total.
/// </remarks>
internal sealed class LocalIdentifiers : IAsyncDisposable
{
    private readonly GridOptions _options;
    private readonly ActorContext _context;
    private readonly Admission _admission;
    private readonly ActorCache _cache;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _stopped;

    // Where somebody is told of those that go (a silo, whose grains go with them), they stay as long as there is room.
    private readonly bool _letsGo;

    /// <summary>No actor yet; each is made when it is first asked.</summary>
    /// <param name="options">Limits.</param>
    /// <param name="context">What the actors share.</param>
    /// <param name="evicted">Told of each identifier that had to make room; must not wait.</param>
    public LocalIdentifiers(GridOptions options, ActorContext context, Action<Tag>? evicted = null)
    {
        _options = options;
        _context = context;
        _stopped = _stop.Token;
        _letsGo = evicted is null;
        _admission = new Admission(options, context.Meters);
        _cache = new ActorCache(options.MaximumActors, options.MaximumActorBytes, evicted);
        context.Meters.ObserveActiveActors(() => _cache.Count);
    }

    /// <summary>Identifiers held in memory.</summary>
    public int Count => _cache.Count;

    /// <summary>What they weigh together, by estimate, in bytes.</summary>
    public long Weight => _cache.Weight;

    /// <summary>Hands a turn to an identifier's actor; see <see cref="IActors.AskAsync"/>.</summary>
    public Task<Answer> AskAsync(TagKey key, Turn turn, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var pending = new PendingTurn(key.KeyId, turn);
        _admission.Enter(pending.Lane);
        pending.AbandonOn(cancellationToken);
        var mailbox = Post(key.Tag, pending, out var posted);
        if (posted == Posted.Full)
        {
            _admission.Leave(pending.Lane);
            pending.Dismiss();
            throw _admission.Shed($"{_options.MaximumQueuePerActor} requests are waiting for this identifier already");
        }

        if (posted == Posted.Start)
        {
            _ = PumpAsync(mailbox);
        }

        return pending.Task;
    }

    /// <summary>Forgets an identifier that is not to live here any more; one with turns under way stays until it is evicted.</summary>
    public void Forget(Tag tag) => _cache.Forget(tag);

    /// <summary>Takes no more turns, and waits for those that it has, as long as the options say.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

        if (await _admission.DrainAsync(_options.DrainTimeout, _context.Time) is var left and > 0)
        {
            _context.Logger.DrainIncomplete(left);
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
                mailbox = new Mailbox(new IdentifierActor(tag, _context));
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
                using var span = GridTracing.StartTurn(pending.Turn, pending.Asker?.Context ?? default);
                try
                {
                    var answer = await TakeTurnAsync(mailbox, pending);
                    Weigh(mailbox);
                    pending.Answer(answer);
                }
                catch (Exception problem)
                {
                    Weigh(mailbox);
                    if (!pending.Fail(problem))
                    {
                        _context.Logger.AbandonedTurnFailed(mailbox.Tag.ToString(), problem);
                    }
                }
            }

            _admission.Leave(pending.Lane);
        }

        // What is nothing or little is read again with the next decision. Kept, it would push out what is worth keeping, and collections
        // would carry it along: callers at half of peak load met pauses of 5 to 20 ms, five a second.
        if (_letsGo && mailbox.Weight <= _options.LetGoBytes)
        {
            _cache.LetGo(mailbox);
        }
    }

    private void Weigh(Mailbox mailbox) => _cache.Weigh(mailbox, ActorCache.EmptyWeight + mailbox.Actor.Weight);

    private Task<Answer> TakeTurnAsync(Mailbox mailbox, PendingTurn pending) =>
        pending.Lane == Lane.Bulk
            ? TakeBulkTurnAsync(mailbox, pending)
            : mailbox.Actor.HandleAsync(pending.KeyId, pending.Turn, Lane.Interactive, _stopped);

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
}
