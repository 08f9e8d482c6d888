namespace Deconfliction.Ledger.Grouping;

/// <summary>
/// Turns at what there is little of (SQLite's one writer). Who waits in the interactive lane goes before who waits in the bulk
/// lane, so that an import delays an answer by the group under way and no more. Those that wait are bounded by the workers of
/// the pumps.
/// </summary>
internal sealed class TurnGate
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TaskCompletionSource> _interactive = new();
    private readonly LinkedList<TaskCompletionSource> _bulk = new();
    private int _free;

    /// <summary>Makes a gate with so many turns at once.</summary>
    public TurnGate(int turns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(turns, 1);
        _free = turns;
    }

    /// <summary>Waits for a turn; it is given back by <see cref="Leave"/>.</summary>
    public async ValueTask EnterAsync(Lane lane, CancellationToken cancellationToken)
    {
        var queue = lane == Lane.Interactive ? _interactive : _bulk;
        LinkedListNode<TaskCompletionSource> place;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }

            place = queue.AddLast(new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        try
        {
            await place.Value.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            GiveUp(queue, place);
            throw;
        }
    }

    /// <summary>Passes the turn on.</summary>
    public void Leave()
    {
        lock (_lock)
        {
            var queue = _interactive.First is not null ? _interactive : _bulk;
            if (queue.First is not { } next)
            {
                _free++;
                return;
            }

            queue.RemoveFirst();
            next.Value.SetResult();
        }
    }

    // The turn may have come in the same moment: then it is passed on.
    private void GiveUp(LinkedList<TaskCompletionSource> queue, LinkedListNode<TaskCompletionSource> place)
    {
        lock (_lock)
        {
            if (place.List is not null)
            {
                queue.Remove(place);
                return;
            }
        }

        Leave();
    }
}
