using System.Diagnostics.Metrics;

namespace Deconfliction.Ledger.Grouping;

/// <summary>How long groups of appends take, and how large they are, by lane. Units by UCUM, names by OpenTelemetry's conventions.</summary>
internal sealed class LedgerMeters : IDisposable
{
    private readonly Meter _meter = new(LedgerTelemetry.MeterName);
    private readonly Histogram<double> _commit;
    private readonly Histogram<int> _size;

    public LedgerMeters()
    {
        _commit = _meter.CreateHistogram(
            "deconfliction.ledger.commit.duration", "s", "From the begin of a group's transaction to its commit.", tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.125, 0.25, 0.5, 1, 2, 5, 15] });
        _size = _meter.CreateHistogram(
            "deconfliction.ledger.group.size", "{append}", "Appends that shared a transaction.", tags: null,
            new InstrumentAdvice<int> { HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] });
    }

    public void Committed(Lane lane, int size, TimeSpan duration)
    {
        var tag = new KeyValuePair<string, object?>("deconfliction.lane", lane == Lane.Bulk ? "bulk" : "interactive");
        _commit.Record(duration.TotalSeconds, tag);
        _size.Record(size, tag);
    }

    public void Dispose() => _meter.Dispose();
}
