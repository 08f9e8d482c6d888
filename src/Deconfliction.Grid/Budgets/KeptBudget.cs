namespace Deconfliction.Grid.Budgets;

/// <summary>
/// One budget of one agency at the one place in a cluster that keeps it and leases portions of it to nodes. The place may move or die, so
/// where it begins again it asks the nodes what they were last told. Not thread-safe.
/// </summary>
public sealed class KeptBudget
{
    private const int PortionsInAMinute = 60;
    private readonly TimeProvider _time;
    private readonly TokenBucket _bucket;
    private long _filledAt;

    /// <summary>Holds so much to begin with.</summary>
    public KeptBudget(long perMinute, double left, TimeProvider time)
    {
        _time = time;
        _bucket = new TokenBucket(perMinute, left);
        _filledAt = time.GetTimestamp();
    }

    /// <summary>What a node leases at once: a second's worth.</summary>
    public static long Portion(long perMinute) => Math.Max(1, perMinute / PortionsInAMinute);

    /// <summary>
    /// What a place holds that begins anew. Each node's word is the most that can be left, since others may have leased after it; who
    /// leased last knows exactly. Where somebody who may have been the last cannot be asked, it is a portion a node, and fills from there.
    /// </summary>
    /// <param name="perMinute">What comes in.</param>
    /// <param name="known">What nodes were told.</param>
    /// <param name="isComplete">Whether every node that may have been told something was asked.</param>
    /// <param name="nodes">How many nodes there are.</param>
    public static double Beginning(long perMinute, IEnumerable<KnownBudget> known, bool isComplete, int nodes)
    {
        var most = isComplete ? perMinute : Math.Min(perMinute, (double)Portion(perMinute) * nodes);
        return known.Aggregate(most, (least, one) => Math.Min(least, one.Left + TokenBucket.Refill(perMinute, one.Age)));
    }

    /// <summary>Leases up to so many, and takes what was spent without a lease.</summary>
    public Lease Lease(long wanted, long spent)
    {
        var now = _time.GetTimestamp();
        _bucket.Fill(_time.GetElapsedTime(_filledAt, now));
        _filledAt = now;
        if (spent > 0)
        {
            _bucket.Charge(spent);
        }

        var (taken, wait) = _bucket.Take(wanted);
        return new Lease(taken, wait, _bucket.Left);
    }
}
