using System.Diagnostics.Metrics;
using Deconfliction.Ledger.Appending;

namespace Deconfliction.Ledger.Grouping;

/// <summary>How long groups of appends take, how large they are, by lane, and how often the fence refuses. Units by UCUM, names by OpenTelemetry's conventions.</summary>
internal sealed class LedgerMeters : IDisposable
{
    private readonly Meter _meter = new(LedgerTelemetry.MeterName);
    private readonly Histogram<double> _commit;
    private readonly Histogram<int> _size;
    private readonly Counter<long> _stale;

    public LedgerMeters()
    {
        _commit = _meter.CreateHistogram(
            "deconfliction.ledger.commit.duration", "s", "From the begin of a group's transaction to its commit.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.125, 0.25, 0.5, 1, 2, 5, 15] });
        _size = _meter.CreateHistogram(
            "deconfliction.ledger.group.size", "{append}", "Appends that shared a transaction.", tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] });
        _stale = _meter.CreateCounter<long>(
            "deconfliction.ledger.append.stale", "{append}", "Appends refused because another process had changed the identifier since this one read it.");
    }

    public void Committed(Lane lane, IReadOnlyList<AppendOutcome> outcomes, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("deconfliction.lane", lane == Lane.Bulk ? "bulk" : "interactive");
        _commit.Record(duration.TotalSeconds, tag);
        _size.Record(outcomes.Count, tag);
        if (outcomes.Count(static outcome => outcome is AppendOutcome.Stale) is var stale and > 0)
        {
            _stale.Add(stale);
        }
    }

    public void Dispose() => _meter.Dispose();
}
