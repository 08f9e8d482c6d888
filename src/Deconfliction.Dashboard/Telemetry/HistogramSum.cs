namespace Deconfliction.Dashboard.Telemetry;

/// <summary>Histograms of several stretches of time, series or nodes, added up. Percentiles are taken of the sum, never averaged.</summary>
internal sealed class HistogramSum
{
    private readonly long[] _counts = new long[LogLinear.Count];

    /// <summary>How many values.</summary>
    public long Count { get; private set; }

    /// <summary>The largest of them.</summary>
    public long Largest { get; private set; }

    /// <summary>Their sum.</summary>
    public long Sum { get; private set; }

    /// <summary>Adds up parts; those that are missing count for nothing.</summary>
    public static HistogramSum Of(IEnumerable<HistogramPart?> parts)
    {
        var sum = new HistogramSum();
        foreach (var part in parts)
        {
            sum.Add(part);
        }

        return sum;
    }

    /// <summary>Adds one part.</summary>
    public void Add(HistogramPart? part)
    {
        if (part is null)
        {
            return;
        }

        foreach (var (bucket, count) in part.Buckets)
        {
            _counts[bucket] += count;
        }

        Count += part.Count;
        Sum += part.Sum;
        Largest = Math.Max(Largest, part.Largest);
    }

    /// <summary>The value that the given share of all lies at or below; nothing where there are none.</summary>
    public double? Quantile(double share)
    {
        if (Count == 0)
        {
            return null;
        }

        var rank = Math.Max(1, (long)Math.Ceiling(share * Count));
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            rank -= _counts[bucket];
            if (rank <= 0)
            {
                return Math.Min(LogLinear.MiddleOf(bucket), Largest);
            }
        }

        return Largest;
    }
}
