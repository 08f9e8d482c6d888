using Deconfliction.Ledger;

namespace Deconfliction.Grid.Budgets;

/// <summary>
/// One budget of one agency as one node of a cluster spends it: by portions, with one question a portion and one under way at most.
/// Thread-safe.
/// </summary>
/// <remarks>
/// A portion that is not spent within a minute lapses, so that what a quiet node holds does not add to a later minute. Where the budget's
/// place cannot be asked, the node spends one portion on its own account and owes it; after that it says that it cannot tell.
/// </remarks>
public sealed class LeasedBudget(long perMinute, LeaseAsk ask, TimeProvider time)
{
    private static readonly TimeSpan s_lapse = TimeSpan.FromMinutes(1);
    // While a budget is used up, its place is asked so often by a node at most.
    private static readonly TimeSpan s_shortestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly long _portion = KeptBudget.Portion(perMinute);
    private readonly Lock _gate = new();
    private Task? _leasing;
    private long _held;
    private long _heldSince;
    private long _owed;
    private (long Since, TimeSpan Wait)? _refused;
    private (double Left, long At)? _told;

    /// <summary>What this node was last told of what is left; nothing where it never was.</summary>
    public KnownBudget? Known
    {
        get
        {
            lock (_gate)
            {
                return _told is { } told ? new KnownBudget(told.Left, time.GetElapsedTime(told.At)) : null;
            }
        }
    }

    /// <summary>Takes one; no time where there was one, else when it is worth to ask again.</summary>
    /// <exception cref="LedgerUnavailableException">The budget's place cannot be asked, and what can be spent without it is spent.</exception>
    public ValueTask<TimeSpan> TakeAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (TryAnswer(out var wait))
            {
                return new ValueTask<TimeSpan>(wait);
            }
        }

        return LeaseAndTakeAsync(cancellationToken);
    }

    private async ValueTask<TimeSpan> LeaseAndTakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task leasing;
            lock (_gate)
            {
                if (TryAnswer(out var wait))
                {
                    return wait;
                }

                // Everybody's question, so nobody's token ends it.
                leasing = _leasing ??= Task.Run(LeaseAsync, CancellationToken.None);
            }

            await leasing.WaitAsync(cancellationToken);
        }
    }

    private bool TryAnswer(out TimeSpan wait)
    {
        wait = TimeSpan.Zero;
        if (_held > 0 && time.GetElapsedTime(_heldSince) < s_lapse)
        {
            _held--;
            return true;
        }

        if (_refused is { } refused && refused.Wait - time.GetElapsedTime(refused.Since) is var left && left > TimeSpan.Zero)
        {
            wait = left;
            return true;
        }

        return false;
    }

    private async Task LeaseAsync()
    {
        var owed = _owed;
        try
        {
            using var patience = new CancellationTokenSource(s_patience, time);
            var lease = await ask(_portion, owed, patience.Token);
            lock (_gate)
            {
                _owed = 0;
                var now = time.GetTimestamp();
                _told = (lease.Left, now);
                Hold(lease.Granted, now);
                _refused = lease.Granted > 0 ? null : (now, lease.Wait > s_shortestWait ? lease.Wait : s_shortestWait);
            }
        }
        catch (Exception problem) when (problem is PlaceLostException or OperationCanceledException)
        {
            SpendOnCredit(problem);
        }
        finally
        {
            lock (_gate)
            {
                _leasing = null;
            }
        }
    }

    private void SpendOnCredit(Exception problem)
    {
        lock (_gate)
        {
            if (_owed > 0)
            {
                throw new LedgerUnavailableException("The place that keeps the agency's budget cannot be reached; nothing was done. Try again.", problem);
            }

            _owed = _portion;
            Hold(_portion, time.GetTimestamp());
        }
    }

    private void Hold(long portion, long now) => (_held, _heldSince) = (portion, now);
}
