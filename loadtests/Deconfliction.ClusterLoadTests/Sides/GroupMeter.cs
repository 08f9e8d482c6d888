using System.Diagnostics.Metrics;
using Deconfliction.Ledger;

namespace Deconfliction.ClusterLoadTests.Sides;

/// <summary>Counts the ledger's groups, and what is in them, while it lives.</summary>
internal sealed class GroupMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _groups;
    private long _appends;

    public GroupMeter()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == LedgerTelemetry.MeterName && instrument.Name == "deconfliction.ledger.group.size")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, size, _, _) =>
        {
            Interlocked.Increment(ref _groups);
            Interlocked.Add(ref _appends, size);
        });
        _listener.Start();
    }

    /// <summary>Groups committed.</summary>
    public long Groups => Interlocked.Read(ref _groups);

    /// <summary>Appends in them.</summary>
    public long Appends => Interlocked.Read(ref _appends);

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();
}
