using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Runtime.Versioning;
using Deconfliction.Silo.Identity;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Silo.Tests.Identity;

/// <summary>The end of a silo's identity is told of before it comes.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class IdentityWatchTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);
    private readonly ClusterFolder _cluster = new();
    private readonly SiloIdentity _identity;
    private readonly FakeTimeProvider _time;
    private readonly HeardLog _log = new();
    private readonly IdentityWatch _watch;

    public IdentityWatchTests()
    {
        _cluster.Init();
        _identity = _cluster.Load("silo-7411");
        _time = new FakeTimeProvider(_identity.NotAfter - TimeSpan.FromDays(32));
        _watch = new IdentityWatch(_identity, TimeSpan.FromDays(30), _time, _log);
    }

    [Fact]
    public async Task Log_FromThirtyDaysBeforeTheEnd_SaysSoOnceADay()
    {
        using var heard = new Remaining();
        await _watch.StartAsync(CancellationToken.None);
        await Waiting.UntilAsync("it watches", Limit, () => heard.Read().Count > 0);
        Assert.Contains(TimeSpan.FromDays(32).TotalSeconds, heard.Read());

        _time.Advance(TimeSpan.FromDays(1));
        Assert.Contains(TimeSpan.FromDays(31).TotalSeconds, heard.Read());
        Assert.Empty(_log.Said);

        for (var day = 30; day > 28; day--)
        {
            _time.Advance(TimeSpan.FromDays(1));
            await Waiting.UntilAsync($"it says so, {day} days before", Limit, () => _log.Said.Count == 31 - day);
            Assert.Contains($"This silo's identity ends on {_identity.NotAfter:u}, in {day} days.", _log.Said.Last(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Log_OfASiloThatStartsShortlyBeforeTheEnd_SaysSoAtOnce()
    {
        _time.Advance(TimeSpan.FromDays(31.5));
        await _watch.StartAsync(CancellationToken.None);
        await Waiting.UntilAsync("it says so", Limit, () => _log.Said.Count == 1);
        Assert.Contains("in 0 days", _log.Said.Single(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _watch.StopAsync(CancellationToken.None).Wait(Limit);
        _watch.Dispose();
        _identity.Dispose();
        _cluster.Dispose();
    }

    // What the gauge of every silo in this process says, as an exporter asks it.
    private sealed class Remaining : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<double> _seconds = [];

        public Remaining()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "deconfliction.silo.identity.remaining")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<double>((_, value, _, _) => _seconds.Add(value));
            _listener.Start();
        }

        public IReadOnlyList<double> Read()
        {
            _seconds.Clear();
            _listener.RecordObservableInstruments();
            return _seconds;
        }

        public void Dispose() => _listener.Dispose();
    }

    private sealed class HeardLog : ILogger<IdentityWatch>
    {
        public ConcurrentQueue<string> Said { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Said.Enqueue(formatter(state, exception));
    }
}
