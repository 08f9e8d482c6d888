using Deconfliction.Protocol.V1;

namespace Deconfliction.Client.Import;

/// <summary>
/// The items of an import that were read and not yet answered, and what is to be sent next. An item stays here, with its
/// request_id, from the moment it is read until its answer is final: whatever breaks in between, it is sent again.
/// </summary>
/// <remarks>Sender and receiver share it; the lock is held for moves in memory only.</remarks>
internal sealed class UnansweredItems(IEnumerator<ImportItem> source, ImportOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<long, ImportItem> _unanswered = new(options.Window);
    private readonly Queue<ImportItem> _again = new();
    private bool _sourceEnded;

    /// <summary>Whether every item of the source has its final answer.</summary>
    public bool AllAnswered
    {
        get
        {
            lock (_lock)
            {
                return _sourceEnded && _unanswered.Count == 0;
            }
        }
    }

    /// <summary>How many items wait for an answer.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _unanswered.Count;
            }
        }
    }

    /// <summary>After a break: everything unanswered is to be sent again, in order.</summary>
    public void SendAllAgain()
    {
        lock (_lock)
        {
            _again.Clear();
            foreach (var position in _unanswered.Keys.Order())
            {
                _again.Enqueue(_unanswered[position]);
            }
        }
    }

    /// <summary>Puts the next items to send into <paramref name="batch"/>. Nothing, if the window is full or all was sent. Sender only.</summary>
    public void Next(ICollection<ImportItem> batch)
    {
        int room;
        lock (_lock)
        {
            while (batch.Count < options.BatchSize && _again.TryDequeue(out var item))
            {
                batch.Add(item);
            }

            room = options.Window - _unanswered.Count;
        }

        // Waiting for room for a whole batch keeps messages large when answers trickle in.
        if (batch.Count == 0 && room >= options.BatchSize)
        {
            Read(batch);
        }
    }

    /// <summary>Takes the item whose final answer has come; null if it was answered before.</summary>
    public ImportItem? Settle(long position)
    {
        lock (_lock)
        {
            return _unanswered.Remove(position, out var item) ? item : null;
        }
    }

    /// <summary>Sends an item once more, on the same connection: its answer said that it may pass later.</summary>
    public void SendAgain(long position)
    {
        lock (_lock)
        {
            if (_unanswered.TryGetValue(position, out var item))
            {
                _again.Enqueue(item);
            }
        }
    }

    private void Read(ICollection<ImportItem> batch)
    {
        // The source does file I/O: it is read outside the lock, and by the sender only.
        while (batch.Count < options.BatchSize && !_sourceEnded)
        {
            if (source.MoveNext())
            {
                batch.Add(source.Current);
            }
            else
            {
                lock (_lock)
                {
                    _sourceEnded = true;
                }
            }
        }

        lock (_lock)
        {
            foreach (var item in batch)
            {
                _unanswered.Add(item.Position, item);
            }
        }
    }
}
