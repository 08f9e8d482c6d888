using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid.Actors;
using Deconfliction.Ledger;

namespace Deconfliction.Grid.Hosting;

/// <summary>What became of a turn that was posted.</summary>
internal enum Posted
{
    /// <summary>It waits behind others.</summary>
    Queued,

    /// <summary>It is the first: who posted it starts the pump.</summary>
    Start,

    /// <summary>The queue is full.</summary>
    Full,

    /// <summary>The actor has been evicted: look for its successor.</summary>
    Closed,
}

/// <summary>
/// An identifier's actor and its two bounded queues. While turns wait, one pump takes them one by one; an idle mailbox is only memory.
/// The lock guards a few pointers and is never held over a wait.
/// </summary>
internal sealed class Mailbox(IdentifierActor actor)
{
    // So that a stream of interactive turns does not shut out bulk for good.
    private const int InteractiveStreak = 16;

    private readonly Lock _gate = new();
    private Queue _interactive;
    private Queue _bulk;
    private bool _isPumped;
    private bool _isClosed;
    private int _streak;
    private CancellationTokenSource? _hurry;

    public Tag Tag => Actor.Tag;

    public IdentifierActor Actor { get; } = actor;

    /// <summary>What the cache believes it weighs; touched by the pump, and by the cache once it is closed.</summary>
    public long Weight { get; set; }

    /// <summary>Its place in the cache's ring, negative before it has one; touched under the cache's lock.</summary>
    public int Place { get; set; } = -1;

    /// <summary>Used since the cache's hand last passed.</summary>
    public bool WasUsed { get; set; } = true;

    public Posted Post(PendingTurn pending, int limit)
    {
        CancellationTokenSource? hurry = null;
        lock (_gate)
        {
            if (_isClosed)
            {
                return Posted.Closed;
            }

            ref var queue = ref pending.Lane == Lane.Interactive ? ref _interactive : ref _bulk;
            if (queue.Count >= limit)
            {
                return Posted.Full;
            }

            queue.Add(pending);
            WasUsed = true;
            if (!_isPumped)
            {
                _isPumped = true;
                return Posted.Start;
            }

            if (pending.Lane == Lane.Interactive)
            {
                (hurry, _hurry) = (_hurry, null);
            }
        }

        // Somebody waits behind a bulk turn that may be far back in the ledger's bulk lane.
        _ = hurry?.CancelAsync();
        return Posted.Queued;
    }

    /// <summary>The next turn; nothing, and the pump is over, where none waits.</summary>
    public PendingTurn? Take()
    {
        lock (_gate)
        {
            _hurry = null;
            if (_interactive.Count > 0 && (_bulk.Count == 0 || _streak < InteractiveStreak))
            {
                _streak++;
                return _interactive.Take();
            }

            _streak = 0;
            if (_bulk.Count > 0)
            {
                return _bulk.Take();
            }

            _isPumped = false;
            return null;
        }
    }

    /// <summary>
    /// A token that is cancelled as soon as an interactive turn waits behind the bulk turn that begins now; nothing where one does already.
    /// </summary>
    public CancellationToken? BeginBulk()
    {
        lock (_gate)
        {
            if (_interactive.Count > 0)
            {
                return null;
            }

            _hurry = new CancellationTokenSource();
            return _hurry.Token;
        }
    }

    /// <summary>Closes it for good; false where a turn waits or is under way, and where it is closed already.</summary>
    public bool TryClose()
    {
        lock (_gate)
        {
            if (_isPumped || _isClosed)
            {
                return false;
            }

            _isClosed = true;
            return true;
        }
    }

    private struct Queue
    {
        private PendingTurn? _first;
        private PendingTurn? _last;

        public int Count { get; private set; }

        public void Add(PendingTurn pending)
        {
            if (_last is null)
            {
                _first = pending;
            }
            else
            {
                _last.Next = pending;
            }

            _last = pending;
            Count++;
        }

        public PendingTurn Take()
        {
            var taken = _first!;
            _first = taken.Next;
            if (_first is null)
            {
                _last = null;
            }

            taken.Next = null;
            Count--;
            return taken;
        }
    }
}
