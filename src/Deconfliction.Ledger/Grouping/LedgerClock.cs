namespace Deconfliction.Ledger.Grouping;

/// <summary>
/// The database's time between round trips: what the last one brought plus this node's monotonic time since (a wall clock that
/// is wrong here does no harm). It never goes back; where the database's clock did, it stands until that has caught up.
/// Whole microseconds, which is what the databases keep.
/// </summary>
internal sealed class LedgerClock(TimeProvider time)
{
    private Reading? _last;
    private long _shown;

    /// <summary>The database's time now.</summary>
    /// <exception cref="InvalidOperationException">No round trip has brought the time yet.</exception>
    public DateTimeOffset Now
    {
        get
        {
            var last = Volatile.Read(ref _last)
                ?? throw new InvalidOperationException("The database's time is not known before the first round trip.");
            var ticks = (last.At + time.GetElapsedTime(last.Timestamp)).UtcTicks;
            ticks -= ticks % TimeSpan.TicksPerMicrosecond;
            var shown = Volatile.Read(ref _shown);
            while (ticks > shown)
            {
                var seen = Interlocked.CompareExchange(ref _shown, ticks, shown);
                if (seen == shown)
                {
                    return new DateTimeOffset(ticks, TimeSpan.Zero);
                }

                shown = seen;
            }

            return new DateTimeOffset(shown, TimeSpan.Zero);
        }
    }

    /// <summary>Takes what a round trip brought.</summary>
    public void Observe(DateTimeOffset databaseNow) => Volatile.Write(ref _last, new Reading(databaseNow, time.GetTimestamp()));

    private sealed record Reading(DateTimeOffset At, long Timestamp);
}
