using Microsoft.Extensions.Hosting;

namespace Deconfliction.Dashboard.Telemetry;

/// <summary>Takes a sample every 5 s, looked at or not: a chart that begins when somebody looks tells nothing of what went before.</summary>
internal sealed class Recorder(TimeProvider time) : BackgroundService
{
    /// <summary>Time between samples.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly MeterReading _meters = new();
    private readonly ProcessReading _process = new();
    private readonly SampleRing _ring = new();
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>When the recording began.</summary>
    public DateTimeOffset StartedAt { get; } = time.GetUtcNow();

    /// <summary>What was recorded.</summary>
    public SampleRing Ring => _ring;

    /// <summary>Completes when the next sample is there.</summary>
    public Task NextAsync(CancellationToken cancellationToken) => Volatile.Read(ref _next).Task.WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public override void Dispose()
    {
        _meters.Dispose();
        base.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var last = time.GetTimestamp();
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var now = time.GetTimestamp();
                var length = time.GetElapsedTime(last, now);
                last = now;
                _ring.Add(_meters.Take(time.GetUtcNow(), length, _process.Take(length)));
                Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }
}
