using System.Numerics;

namespace Deconfliction.Dashboard.Telemetry;

/// <summary>
/// The buckets of every histogram here: linear within a power of two, so that a value is known to one part in 32 wherever it lies (as
/// HdrHistogram does). The same for all, so that any two histograms can be added.
/// </summary>
internal static class LogLinear
{
    private const int SubBits = 5;
    private const int SubCount = 1 << SubBits;
    private const int MaximumExponent = 42;

    /// <summary>The largest value that has a bucket of its own: in nanoseconds more than an hour. Larger ones count as this.</summary>
    public const long Largest = (1L << MaximumExponent) - 1;

    /// <summary>How many buckets there are.</summary>
    public const int Count = (MaximumExponent - SubBits + 1) * SubCount;

    /// <summary>How far a quantile may be from the true one: half a bucket.</summary>
    public const double RelativeError = 1.0 / (2 * SubCount);

    /// <summary>The bucket of a value; negative ones count as zero.</summary>
    public static int BucketOf(long value)
    {
        var bounded = (ulong)Math.Clamp(value, 0, Largest);
        if (bounded < SubCount)
        {
            return (int)bounded;
        }

        var shift = BitOperations.Log2(bounded) - SubBits;
        return ((shift + 1) * SubCount) + (int)(bounded >> shift) - SubCount;
    }

    /// <summary>The middle of a bucket.</summary>
    public static double MiddleOf(int bucket)
    {
        if (bucket < SubCount)
        {
            return bucket;
        }

        var shift = (bucket / SubCount) - 1;
        var low = (long)((bucket % SubCount) + SubCount) << shift;
        return low + (((1L << shift) - 1) / 2.0);
    }
}
