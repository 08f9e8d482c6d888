using System.Numerics;

namespace Deconfliction.LoadTests.Measuring;

/// <summary>
/// Counts times in buckets whose width grows with the time, as HdrHistogram does: every bucket is within 1/64 of its value, from a
/// nanosecond to centuries, in 30 kB and without a list of samples. One writer at a time; merge the writers' own ones afterwards.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int Sub = 1 << SubBits;
    private readonly long[] _buckets = new long[(64 - SubBits) * Sub];

    /// <summary>How many times were recorded. May be read by others while one writes; then it lags.</summary>
    public long Count { get; private set; }

    /// <summary>The longest time, in nanoseconds, exactly.</summary>
    public long Longest { get; private set; }

    /// <summary>Records a time.</summary>
    /// <param name="nanoseconds">Not negative.</param>
    public void Record(long nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        _buckets[BucketOf(nanoseconds)]++;
        Count++;
        Longest = Math.Max(Longest, nanoseconds);
    }

    /// <summary>Adds what another one recorded.</summary>
    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < _buckets.Length; i++)
        {
            _buckets[i] += other._buckets[i];
        }

        Count += other.Count;
        Longest = Math.Max(Longest, other.Longest);
    }

    /// <summary>The time, in nanoseconds, that this share of the recorded ones did not exceed; at most 1/64 too long. 0 where there is none.</summary>
    /// <param name="share">From 0 to 1: 0.99 for the 99th percentile.</param>
    public long Percentile(double share)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(share);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(share, 1);
        var wanted = Math.Max(1, (long)Math.Ceiling(share * Count));
        long seen = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            seen += _buckets[i];
            if (seen >= wanted)
            {
                return Math.Min(Longest, LastOf(i));
            }
        }

        return 0;
    }

    // The first two powers hold their values one by one; from there on each power of two is cut into 64.
    private static int BucketOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value) - SubBits);
        return (shift * Sub) + (int)(value >> shift);
    }

    private static long LastOf(int bucket)
    {
        var shift = Math.Max(0, (bucket / Sub) - 1);
        return (((long)bucket - (shift * Sub) + 1) << shift) - 1;
    }
}
