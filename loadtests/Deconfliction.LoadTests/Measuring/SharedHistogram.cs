namespace Deconfliction.LoadTests.Measuring;

/// <summary>A <see cref="LatencyHistogram"/> that many threads write to: each takes one of several, and they are added up at the end.</summary>
internal sealed class SharedHistogram
{
    private const int Count = 8;
    private readonly (Lock Gate, LatencyHistogram Times)[] _parts =
        [.. Enumerable.Range(0, Count).Select(static _ => (new Lock(), new LatencyHistogram()))];

    /// <summary>Records a time.</summary>
    public void Record(TimeSpan time)
    {
        var (gate, times) = _parts[Environment.CurrentManagedThreadId % Count];
        lock (gate)
        {
            times.Record((long)time.TotalNanoseconds);
        }
    }

    /// <summary>All that was recorded so far.</summary>
    public LatencyHistogram Sum()
    {
        var sum = new LatencyHistogram();
        foreach (var (gate, times) in _parts)
        {
            lock (gate)
            {
                sum.Add(times);
            }
        }

        return sum;
    }
}
