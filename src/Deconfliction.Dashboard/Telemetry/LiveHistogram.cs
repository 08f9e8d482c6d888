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
}
