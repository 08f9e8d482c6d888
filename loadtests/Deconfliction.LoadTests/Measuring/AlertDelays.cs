using System.Collections.Concurrent;

namespace Deconfliction.LoadTests.Measuring;

/// <summary>
/// How long after a claim was acknowledged the other side has its alert. Whichever of the two comes second completes the pair; an alert
/// that is there before the acknowledgement has no delay.
/// </summary>
internal sealed class AlertDelays(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, (long At, bool IsAlert)> _first = new(StringComparer.Ordinal);
    private readonly SharedHistogram _delays = new();
    private long _pairs;

    /// <summary>Pairs complete.</summary>
    public long Pairs => Interlocked.Read(ref _pairs);

    /// <summary>The delays so far.</summary>
    public LatencyHistogram Delays => _delays.Sum();

    /// <summary>The claim on this identifier was acknowledged, now.</summary>
    public void Acknowledged(string identifier) => Complete(identifier, isAlert: false);

    /// <summary>The other side has its alert of this identifier, now.</summary>
    public void Alerted(string identifier) => Complete(identifier, isAlert: true);

    private void Complete(string identifier, bool isAlert)
    {
        var now = time.GetTimestamp();
        if (_first.TryAdd(identifier, (now, isAlert)))
        {
            return;
        }

        if (!_first.TryRemove(identifier, out var first) || first.IsAlert == isAlert)
        {
            throw new InvalidOperationException(isAlert ? "An alert came twice." : "A claim was acknowledged twice.");
        }

        _delays.Record(isAlert ? time.GetElapsedTime(first.At, now) : TimeSpan.Zero);
        Interlocked.Increment(ref _pairs);
    }
}
