namespace Deconfliction.Dashboard.Telemetry;

/// <summary>Where measurements are counted as they happen. Recording takes no lock; one reader takes what came since its last reading.</summary>
internal sealed class LiveHistogram
{
    private readonly long[] _counts = new long[LogLinear.Count];
    private readonly long[] _taken = new long[LogLinear.Count];
    private long _sum;
    private long _largest;

    /// <summary>Counts one value.</summary>
    public void Record(long value)
    {
        Interlocked.Increment(ref _counts[LogLinear.BucketOf(value)]);
        Interlocked.Add(ref _sum, value);
        for (var seen = Volatile.Read(ref _largest); value > seen;)
        {
            var before = Interlocked.CompareExchange(ref _largest, value, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    /// <summary>What was counted since the last call; nothing where there was nothing. One caller at a time.</summary>
    public HistogramPart? Take()
    {
        List<BucketCount>? buckets = null;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            var count = Volatile.Read(ref _counts[bucket]);
            if (count != _taken[bucket])
            {
                (buckets ??= []).Add(new BucketCount(bucket, count - _taken[bucket]));
                _taken[bucket] = count;
            }
        }

        var (sum, largest) = (Interlocked.Exchange(ref _sum, 0), Interlocked.Exchange(ref _largest, 0));
        return buckets is null ? null : new HistogramPart([.. buckets], sum, largest);
    }
}

/// <summary>How many values fell into a bucket.</summary>
/// <param name="Bucket">Which, by <see cref="LogLinear"/>.</param>
/// <param name="Count">How many.</param>
public readonly record struct BucketCount(int Bucket, long Count);

/// <summary>The values of a stretch of time: only the buckets that have any.</summary>
/// <param name="Buckets">In ascending order.</param>
/// <param name="Sum">Sum of the values.</param>
/// <param name="Largest">The largest value, exactly.</param>
public sealed record HistogramPart(IReadOnlyList<BucketCount> Buckets, long Sum, long Largest)
{
    /// <summary>How many values.</summary>
    public long Count { get; } = Buckets.Sum(bucket => bucket.Count);

    /// <summary>Whether these are buckets of a part: in ascending order, each of its kind once.</summary>
    public static bool AreBuckets(IReadOnlyList<BucketCount> buckets)
    {
        ArgumentNullException.ThrowIfNull(buckets);
        var before = -1;
        foreach (var (bucket, count) in buckets)
        {
            if (bucket <= before || bucket >= LogLinear.Count || count < 0)
            {
                return false;
            }

            before = bucket;
        }

        return true;
    }

    /// <summary>The values of both: as cheap as the buckets that have any, because every page adds up some thousand parts.</summary>
    public HistogramPart Plus(HistogramPart other)
    {
        ArgumentNullException.ThrowIfNull(other);
        var (mine, theirs) = (Buckets, other.Buckets);
        var buckets = new List<BucketCount>(mine.Count + theirs.Count);
        for (int i = 0, j = 0; i < mine.Count || j < theirs.Count;)
        {
            if (j == theirs.Count || (i < mine.Count && mine[i].Bucket < theirs[j].Bucket))
            {
                buckets.Add(mine[i++]);
            }
            else if (i == mine.Count || theirs[j].Bucket < mine[i].Bucket)
            {
                buckets.Add(theirs[j++]);
            }
            else
            {
                buckets.Add(new BucketCount(mine[i].Bucket, mine[i++].Count + theirs[j++].Count));
            }
        }

        return new HistogramPart(buckets, Sum + other.Sum, Math.Max(Largest, other.Largest));
    }

    /// <summary>The value that the given share of all lies at or below.</summary>
    internal double? Quantile(double share)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        foreach (var (bucket, count) in Buckets)
        {
            rank -= count;
            if (rank <= 0)
            {
                return Math.Min(LogLinear.MiddleOf(bucket), Largest);
            }
        }

        return Count == 0 ? null : Largest;
    }
}
