using System.Diagnostics.Metrics;

namespace Deconfliction.Grid;

/// <summary>
/// The grid's measurements: durations in seconds, units by UCUM, names by OpenTelemetry's conventions. No attribute ever holds
/// an identifier, a tag or a case.
/// </summary>
public sealed class GridMeters : IDisposable
{
    /// <summary>The meter's name, for whoever exports it.</summary>
    public const string MeterName = "Deconfliction.Grid";

    private readonly Meter _meter = new(MeterName);
    private readonly Histogram<double> _claim;
    private readonly Histogram<double> _check;
    private readonly Histogram<double> _detection;
    private readonly Histogram<double> _delivery;
    private readonly Counter<long> _shed;
    private readonly UpDownCounter<long> _backlog;
    private Func<long> _activeActors = static () => 0;

    /// <summary>Creates the instruments.</summary>
    public GridMeters()
    {
        _claim = Duration("deconfliction.claim.duration", "From a claim's arrival to its commit.");
        _check = Duration("deconfliction.check.duration", "From a check's arrival to its record.");
        _detection = Duration(
            "deconfliction.overlap.detection.duration", "From a claim's turn to the commit of the overlaps that it made.");
        _delivery = Duration(
            "deconfliction.alert.delivery.duration", "From an alert's cause to its hand-over to a connected agency that had read all before.");
        _shed = _meter.CreateCounter<long>("deconfliction.shed", "{request}", "Requests refused because a queue was full.");
        _backlog = _meter.CreateUpDownCounter<long>("deconfliction.alert.backlog", "{alert}", "Alerts read and not numbered yet.");
        _meter.CreateObservableGauge(
            "deconfliction.actor.active", () => _activeActors(), "{actor}", "Identifiers held in memory.");
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void ObserveActiveActors(Func<long> count) => _activeActors = count;

    internal void Claimed(TimeSpan duration) => _claim.Record(duration.TotalSeconds);

    internal void Checked(TimeSpan duration) => _check.Record(duration.TotalSeconds);

    internal void Detected(TimeSpan duration) => _detection.Record(duration.TotalSeconds);

    internal void Delivered(TimeSpan duration) => _delivery.Record(Math.Max(0, duration.TotalSeconds));

    internal void Shed() => _shed.Add(1);

    internal void Backlog(int change) => _backlog.Add(change);

    private Histogram<double> Duration(string name, string description) => _meter.CreateHistogram(
        name, "s", description, tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.125, 0.25, 0.5, 1, 2, 5, 10] });
}
