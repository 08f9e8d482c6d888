using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Deconfliction.Dashboard.Telemetry;

/// <summary>
/// Listens to the process's own meters and counts what the pages show. Series are bounded, and named after what the meters say: none of
/// them holds an identifier, a tag, a case or an agency.
/// </summary>
internal sealed class MeterReading : IDisposable
{
    private const int MostCalls = 512;
    private const double NanosecondsPerSecond = 1e9;
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, LiveHistogram> _histograms = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Total> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Total> _gauges = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string Method, string Status), LiveHistogram> _calls = new();
    private readonly LiveHistogram _otherCalls = new();

    // The database's driver tells each pool by itself, and only where there is one.
    private readonly ConcurrentDictionary<string, PoolTotal> _pools = new(StringComparer.Ordinal);

    /// <summary>Listens from now on; to all the process's meters, or to some.</summary>
    public MeterReading(Func<Meter, bool>? of = null)
    {
        foreach (var name in (string[])[SeriesNames.Claim, SeriesNames.Check, SeriesNames.Detection, SeriesNames.Delivery, SeriesNames.Commit, SeriesNames.GroupSize])
        {
            _histograms.Add(name, new LiveHistogram());
        }

        foreach (var name in (string[])[SeriesNames.Overlap, SeriesNames.Shed])
        {
            _counts.Add(name, new Total());
        }

        foreach (var name in (string[])[SeriesNames.Backlog, SeriesNames.Actors])
        {
            _gauges.Add(name, new Total());
        }

        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (of?.Invoke(instrument.Meter) ?? true)
            {
                Publish(instrument, listener);
            }
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, state) => Measured(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, state) => Measured(instrument, value, tags, state));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, state) => Measured(instrument, value, tags, state));
        _listener.Start();
    }

    /// <summary>What was measured since the last call. One caller at a time.</summary>
    public Sample Take(DateTimeOffset now, TimeSpan length, IReadOnlyDictionary<string, double> processGauges)
    {
        foreach (var pool in _pools.Values)
        {
            pool.BeginReading();
        }

        _listener.RecordObservableInstruments();
        var histograms = new Dictionary<string, HistogramPart>(StringComparer.Ordinal);
        foreach (var (name, live) in _histograms)
        {
            AddTo(histograms, name, live);
        }

        foreach (var ((method, status), live) in _calls)
        {
            AddTo(histograms, SeriesNames.OfCall(method, status), live);
        }

        AddTo(histograms, SeriesNames.OfCall("other", "other"), _otherCalls);
        var gauges = new Dictionary<string, double>(processGauges, StringComparer.Ordinal);
        foreach (var (name, gauge) in _gauges)
        {
            gauges[name] = gauge.Read();
        }

        foreach (var (name, pool) in _pools)
        {
            gauges[name] = pool.Read();
        }

        return new Sample(now, length, histograms, _counts.ToDictionary(count => count.Key, count => count.Value.Take(), StringComparer.Ordinal), gauges);
    }

    public void Dispose() => _listener.Dispose();

    private void Publish(Instrument instrument, MeterListener listener)
    {
        object? state = instrument.Name == SeriesNames.Rpc ? _calls
            : _histograms.TryGetValue(instrument.Name, out var histogram) ? histogram
            : _counts.TryGetValue(instrument.Name, out var count) ? count
            : instrument.Name is SeriesNames.PoolUsed or SeriesNames.PoolMost or SeriesNames.PoolWaiting
                ? _pools.GetOrAdd(instrument.Name, static (_, isObserved) => new PoolTotal(isObserved), instrument.IsObservable)
            : _gauges.GetValueOrDefault(instrument.Name);
        if (state is not null)
        {
            listener.EnableMeasurementEvents(instrument, state);
        }
    }

    private void Measured(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, object? state)
    {
        switch (state)
        {
            case LiveHistogram histogram:
                histogram.Record((long)(instrument.Unit == "s" ? value * NanosecondsPerSecond : value));
                break;
            case PoolTotal pool:
                pool.Add((long)value, tags);
                break;
            case Total total when instrument.IsObservable:
                total.Set((long)value);
                break;
            case Total total:
                total.Add((long)value);
                break;
            default:
                CallOf(tags).Record((long)(value * NanosecondsPerSecond));
                break;
        }
    }

    private LiveHistogram CallOf(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string method = "other", status = "other";
        foreach (var (name, value) in tags)
        {
            if (name == "rpc.method")
            {
                method = value as string ?? method;
            }
            else if (name.Contains("status", StringComparison.Ordinal))
            {
                status = value as string ?? status;
            }
        }

        return _calls.TryGetValue((method, status), out var known) ? known
            : _calls.Count < MostCalls ? _calls.GetOrAdd((method, status), static _ => new LiveHistogram())
            : _otherCalls;
    }

    private static void AddTo(Dictionary<string, HistogramPart> histograms, string name, LiveHistogram live)
    {
        if (live.Take() is { } part)
        {
            histograms.Add(name, part);
        }
    }

    private sealed class Total
    {
        private long _value;

        public void Add(long change) => Interlocked.Add(ref _value, change);

        public void Set(long value) => Interlocked.Exchange(ref _value, value);

        public long Read() => Interlocked.Read(ref _value);

        public long Take() => Interlocked.Exchange(ref _value, 0);
    }

    // The sum of all pools: of connections, those in use.
    private sealed class PoolTotal(bool isObserved)
    {
        private long _value;

        public void BeginReading()
        {
            if (isObserved)
            {
                Interlocked.Exchange(ref _value, 0);
            }
        }

        public void Add(long change, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            foreach (var (name, value) in tags)
            {
                if (name == "db.client.connection.state" && value is not "used")
                {
                    return;
                }
            }

            Interlocked.Add(ref _value, change);
        }

        public long Read() => Interlocked.Read(ref _value);
    }
}
