using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Deconfliction.Gateway.Tests.Setup;

/// <summary>What one instrument recorded while it lives.</summary>
internal sealed class Measured : IDisposable
{
    private readonly MeterListener _listener = new();

    public Measured(string name)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, _) => Add(value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, _) => Add(value, tags));
        _listener.Start();
    }

    public ConcurrentQueue<string> Tags { get; } = new();

    public ConcurrentQueue<double> Values { get; } = new();

    public void Dispose() => _listener.Dispose();

    private void Add(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = tags.ToArray().ToDictionary();
        Tags.Enqueue($"{all.GetValueOrDefault("rpc.method")} {all.GetValueOrDefault("rpc.response.status_code")}");
        Values.Enqueue(value);
    }
}
