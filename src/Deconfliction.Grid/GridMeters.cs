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
    private readonly Counter<long> _overlaps;
    private readonly Counter<long> _shed;
    private readonly UpDownCounter<long> _backlog;
    private Func<long> _activeActors = static () => 0;

    /// <summary>Creates the instruments.</summary>
    public GridMeters()
    {
        _claim = _meter.CreateHistogram<double>("deconfliction.claim.duration", "s", "From a claim's arrival to its commit.");
        _check = _meter.CreateHistogram<double>("deconfliction.check.duration", "s", "From a check's arrival to its record.");
        _detection = _meter.CreateHistogram<double>(
            "deconfliction.overlap.detection.duration", "s", "From a claim's turn to the commit of the overlaps that it made.");
        _overlaps = _meter.CreateCounter<long>("deconfliction.overlap.found", "{overlap}", "Overlaps found and committed.");
        _shed = _meter.CreateCounter<long>("deconfliction.shed", "{request}", "Requests refused because a queue was full.");
        _backlog = _meter.CreateUpDownCounter<long>("deconfliction.alert.backlog", "{alert}", "Alerts read and not numbered yet.");
        _meter.CreateObservableGauge(
            "deconfliction.actor.active", () => _activeActors(), "{actor}", "Identifiers held in memory.");
    }

    /// <summary>Called for each overlap after its commit, in the identifier's turn: it must be quick and must not throw.</summary>
    public Action<FoundOverlap>? OverlapFound { get; set; }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    internal void ObserveActiveActors(Func<long> count) => _activeActors = count;

    internal void Claimed(TimeSpan duration) => _claim.Record(duration.TotalSeconds);

    internal void Checked(TimeSpan duration) => _check.Record(duration.TotalSeconds);

    internal void Detected(TimeSpan duration) => _detection.Record(duration.TotalSeconds);

    internal void Found(FoundOverlap overlap)
    {
        _overlaps.Add(1);
        OverlapFound?.Invoke(overlap);
    }

    internal void Shed() => _shed.Add(1);

    internal void Backlog(int change) => _backlog.Add(change);
}
