using Deconfliction.Ledger;

namespace Deconfliction.Grid.Hosting;

/// <summary>
/// Who may come in: so many turns a lane and no more, and none once the process stops. What a host counts here is bounded, and a stop
/// can wait for it. Thread-safe.
/// </summary>
internal sealed class Admission(GridOptions options, GridMeters meters)
{
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _interactive;
    private int _bulk;
    private int _open;
    private volatile bool _isStopping;

    /// <summary>Lets a turn in; each one that is in has to leave.</summary>
    /// <exception cref="GridOverloadedException">The lane is full.</exception>
    /// <exception cref="LedgerUnavailableException">The process stops.</exception>
    public void Enter(Lane lane)
    {
        if (_isStopping)
        {
            throw new LedgerUnavailableException("This server is stopping; nothing was done. Ask another, or again when it has restarted.");
        }

        ref var waiting = ref lane == Lane.Interactive ? ref _interactive : ref _bulk;
        if (Interlocked.Increment(ref waiting) > options.MaximumQueue)
        {
            Interlocked.Decrement(ref waiting);
            throw Shed($"{options.MaximumQueue} requests are waiting in the {lane} lane already");
        }

        Interlocked.Increment(ref _open);
    }

    /// <summary>A turn has gone.</summary>
    public void Leave(Lane lane)
    {
        Interlocked.Decrement(ref lane == Lane.Interactive ? ref _interactive : ref _bulk);
        if (Interlocked.Decrement(ref _open) == 0 && _isStopping)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>Lets nobody in any more and waits for those who are; how many are left when the time is up.</summary>
    public async Task<int> DrainAsync(TimeSpan patience, TimeProvider time)
    {
        _isStopping = true;
        if (Volatile.Read(ref _open) > 0)
        {
            try
            {
                await _drained.Task.WaitAsync(patience, time);
            }
            catch (TimeoutException)
            {
                return Volatile.Read(ref _open);
            }
        }

        return 0;
    }

    /// <summary>What those are told who find it full.</summary>
    public GridOverloadedException Shed(string why)
    {
        meters.Shed();
        return new GridOverloadedException(
            $"{why}. Nothing was done; try again in {options.RetryAfter.TotalMilliseconds} ms with the same request id.",
            options.RetryAfter);
    }
}
