namespace Deconfliction.Ledger.Grouping;

/// <summary>
/// Turns many callers into few transactions. Items wait in a bounded queue; a worker takes all that wait (it never waits for
/// more, so a lone caller is not delayed), runs them as one group and completes each caller after the group is done. Another group
/// starts beside one that is under way only when enough wait to be worth it.
/// </summary>
/// <remarks>
/// An item that waits can be cancelled and leaves no trace. One that was taken belongs to the database: its caller may stop
/// waiting, and is then told what <see cref="PumpOptions.Abandoned"/> makes of it. Callers go on asynchronously, never on the
/// worker's stack.
/// </remarks>
internal sealed class Pump<TItem, TResult> : IAsyncDisposable
{
    private readonly PumpOptions _options;
    private readonly Func<IReadOnlyList<TItem>, CancellationToken, Task<IReadOnlyList<TResult>>> _run;
    private readonly Func<TResult, Exception?>? _problemOf;
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Waiter? _first;
    private Waiter? _last;
    private int _waiting;
    private int _workers;
    private bool _closed;

    /// <summary>
    /// Makes a pump that runs each group by <paramref name="run"/>, which answers one result an item, in order. A result that
    /// <paramref name="problemOf"/> finds a problem in is thrown at its caller alone.
    /// </summary>
    public Pump(
        PumpOptions options, Func<IReadOnlyList<TItem>, CancellationToken, Task<IReadOnlyList<TResult>>> run, Func<TResult, Exception?>? problemOf = null)
    {
        if (options.MaximumGroup < 1 || options.MaximumQueue < 1 || options.Workers < 1 || options.WorthASecond < 1)
        {
            throw new ArgumentException(
                $"The {options.Name} queue needs a group, a queue, workers and a second group's worth of at least 1; it has "
                + $"{options.MaximumGroup}, {options.MaximumQueue}, {options.Workers} and {options.WorthASecond}.",
                nameof(options));
        }

        _options = options;
        _run = run;
        _problemOf = problemOf;
    }

    /// <summary>How many items wait and have not been taken.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _waiting;
            }
        }
    }

    /// <summary>Has an item run in the next group.</summary>
    /// <exception cref="LedgerOverloadedException">The queue is full.</exception>
    /// <exception cref="LedgerUnavailableException">The pump is closed.</exception>
    public Task<TResult> SubmitAsync(TItem item, CancellationToken cancellationToken)
    {
        var waiter = new Waiter(this, item);
        waiter.CancelOn(cancellationToken);
        if (Enqueue(waiter))
        {
            _ = Task.Run(WorkAsync, CancellationToken.None);
        }

        return waiter.Task;
    }

    /// <summary>Takes no more, lets what waits run, and after <see cref="PumpOptions.Grace"/> gives up what still does.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_closed)
            {
                return;
            }

            _closed = true;
            if (_workers == 0)
            {
                _idle.TrySetResult();
            }
        }

        try
        {
            await _idle.Task.WaitAsync(_options.Grace);
        }
        catch (TimeoutException)
        {
            FailWaiting();
            await _stopping.CancelAsync();
        }
    }

    // Whether a worker is to be started for it.
    private bool Enqueue(Waiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Task.IsCompleted)
            {
                return false; // Cancelled already.
            }

            if (Refusal() is { } refusal)
            {
                waiter.Fail(refusal);
                return false;
            }

            waiter.Place = Place.Queue;
            waiter.Before = _last;
            _ = _last is null ? _first = waiter : _last.Next = waiter;
            _last = waiter;
            _waiting++;
            if (_workers >= _options.Workers || (_workers > 0 && _waiting < _options.WorthASecond))
            {
                return false;
            }

            _workers++;
            return true;
        }
    }

    private Exception? Refusal() =>
        _closed ? new LedgerUnavailableException($"The ledger is closing: its {_options.Name} queue takes no more.")
        : _waiting >= _options.MaximumQueue ? new LedgerOverloadedException(
            $"The ledger's {_options.Name} queue is full ({_options.MaximumQueue} waiting). Nothing was written; retry later, "
            + $"or raise {nameof(LedgerOptions)}.{nameof(LedgerOptions.MaximumQueue)} if memory allows.",
            _options.RetryAfter)
        : null;

    private async Task WorkAsync()
    {
        bool isDone;
        do
        {
            using var turn = _options.Pace is { } pace ? await pace.EnterAsync(_stopping.Token) : default;
            var group = Take();
            isDone = group is null;
            if (group is not null)
            {
                await RunAsync(group);
            }
        }
        while (!isDone);
    }

    private async Task RunAsync(List<Waiter> group)
    {
        try
        {
            var results = await _run(new Items(group), _stopping.Token);
            if (results.Count != group.Count)
            {
                throw new InvalidOperationException(
                    $"A group of {group.Count} in the {_options.Name} queue got {results.Count} results.");
            }

            for (var i = 0; i < group.Count; i++)
            {
                if (_problemOf?.Invoke(results[i]) is { } own)
                {
                    group[i].Fail(own);
                }
                else
                {
                    group[i].Answer(results[i]);
                }
            }
        }
        catch (Exception problem)
        {
            // Not hidden: it is every caller's answer.
            foreach (var waiter in group)
            {
                waiter.Fail(problem);
            }
        }
    }

    private List<Waiter>? Take()
    {
        lock (_lock)
        {
            if (_first is null)
            {
                // Under the lock: whoever enqueues next sees that a worker is missing.
                if (--_workers == 0 && _closed)
                {
                    _idle.TrySetResult();
                }

                return null;
            }

            var most = _options.Pace?.Most(_options.MaximumGroup) ?? _options.MaximumGroup;
            var group = new List<Waiter>(Math.Min(_waiting, most));
            while (_first is { } waiter && group.Count < most)
            {
                Unlink(waiter);
                waiter.Place = Place.Group;
                group.Add(waiter);
            }

            return group;
        }
    }

    private void Unlink(Waiter waiter)
    {
        _ = waiter.Before is null ? _first = waiter.Next : waiter.Before.Next = waiter.Next;
        _ = waiter.Next is null ? _last = waiter.Before : waiter.Next.Before = waiter.Before;
        waiter.Before = waiter.Next = null;
        _waiting--;
    }

    private void FailWaiting()
    {
        lock (_lock)
        {
            while (_first is { } waiter)
            {
                Unlink(waiter);
                waiter.Fail(new LedgerUnavailableException(
                    $"The ledger closed before this was taken from its {_options.Name} queue; nothing was written."));
            }
        }
    }

    private enum Place
    {
        Nowhere,
        Queue,
        Group,
    }

    private sealed class Waiter(Pump<TItem, TResult> pump, TItem item)
        : TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        private CancellationTokenRegistration _registration;

        public TItem Item { get; } = item;

        public Waiter? Before { get; set; }

        public Waiter? Next { get; set; }

        public Place Place { get; set; }

        /// <summary>Once, before it is in the queue: from then on others complete it.</summary>
        public void CancelOn(CancellationToken cancellationToken) =>
            _registration = cancellationToken.UnsafeRegister(static (self, token) => ((Waiter)self!).Cancel(token), this);

        public void Answer(TResult result)
        {
            TrySetResult(result);
            _registration.Unregister();
        }

        public void Fail(Exception problem)
        {
            TrySetException(problem);
            _registration.Unregister();
        }

        private void Cancel(CancellationToken cancellationToken)
        {
            lock (pump._lock)
            {
                if (Place != Place.Group)
                {
                    if (Place == Place.Queue && !Task.IsCompleted)
                    {
                        pump.Unlink(this);
                    }

                    TrySetCanceled(cancellationToken);
                    return;
                }
            }

            TrySetException(pump._options.Abandoned(cancellationToken));
        }
    }

    // The group's items without a second list.
    private sealed class Items(List<Waiter> group) : IReadOnlyList<TItem>
    {
        public int Count => group.Count;

        public TItem this[int index] => group[index].Item;

        public IEnumerator<TItem> GetEnumerator()
        {
            foreach (var waiter in group)
            {
                yield return waiter.Item;
            }
        }

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
