namespace Deconfliction.LoadTests.Measuring;

/// <summary>What became of a call that did not fail.</summary>
internal enum CallResult
{
    /// <summary>It was done.</summary>
    Done,

    /// <summary>It was refused, as one is that comes over a limit.</summary>
    Refused,
}

/// <summary>
/// What a run at a fixed rate gave after its warm-up. A latency belongs to the call that was due then, a rate to what happened then: where the
/// loop lags, the calls that it starts are earlier ones, and their answers are what the server does all the same.
/// </summary>
/// <param name="Latencies">
/// Of the calls due in that time, from the moment at which each was. One that was never started counts with how long it had waited by the end.
/// </param>
/// <param name="Started">Calls started in that time.</param>
/// <param name="Done">Calls that were answered in it, and were done.</param>
/// <param name="Refused">Calls that were answered in it, and were refused.</param>
/// <param name="NeverStarted">Calls that were due in it and could not be started before its end.</param>
/// <param name="Length">The time.</param>
internal sealed record OpenLoopResult(LatencyHistogram Latencies, long Started, long Done, long Refused, long NeverStarted, TimeSpan Length)
{
    /// <summary>Calls a second that were really made.</summary>
    public double Offered => Started / Length.TotalSeconds;

    /// <summary>Calls a second that were done.</summary>
    public double Goodput => Done / Length.TotalSeconds;
}

/// <summary>
/// Calls at a fixed rate, whether or not earlier ones were answered, as callers do who know nothing of each other. The latency of a call
/// counts from the moment at which it was due, not from when it could be sent: a server that stands still for a second delays every call of
/// that second, and a loop that waits for answers would see one slow call (coordinated omission; Tene, "How NOT to Measure Latency", 2013).
/// </summary>
/// <param name="rate">Calls a second.</param>
/// <param name="mostOpen">Calls under way at most, so that a server which does not answer takes no endless memory; those that are due then start later, and count from when they were due.</param>
/// <param name="call">One call, told its number. One that throws ends the run: a figure that leaves out failures would flatter.</param>
/// <param name="time">The clock.</param>
/// <param name="pause">How to let time pass; a thread's sleep where none is given.</param>
internal sealed class OpenLoop(
    double rate, int mostOpen, Func<long, CancellationToken, Task<CallResult>> call, TimeProvider? time = null, Action<TimeSpan>? pause = null)
{
    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan s_shortest = TimeSpan.FromMilliseconds(0.25); // Shorter ones would cost more of a processor than they are worth.
    private static readonly TimeSpan s_lastMoment = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_drainLimit = TimeSpan.FromSeconds(60);
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private readonly Action<TimeSpan> _pause = pause ?? ShortSleep.For;
    private readonly SharedHistogram _latencies = new();
    private Exception? _failure;
    private int _open;
    private long _from;
    private long _until;
    private long _started;
    private long _done;
    private long _refused;
    private long _all;

    /// <summary>Calls answered so far, those of the warm-up too.</summary>
    public long Answered => Interlocked.Read(ref _all);

    /// <summary>Runs it, once.</summary>
    /// <param name="warmUp">How long calls are made before any counts.</param>
    /// <param name="length">How long they count.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<OpenLoopResult> RunAsync(TimeSpan warmUp, TimeSpan length, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // A thread of its own: one of the pool would be late whenever the answers keep the pool busy.
        var never = await Task.Factory.StartNew(
            () => Offer(warmUp, length, end), cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        cancellationToken.ThrowIfCancellationRequested();
        return _failure is { } failure
            ? throw new InvalidOperationException($"A call failed: {failure.Message}", failure)
            : new OpenLoopResult(_latencies.Sum(), _started, Interlocked.Read(ref _done), Interlocked.Read(ref _refused), never, length);
    }

    // Answers how many were never started.
    private long Offer(TimeSpan warmUp, TimeSpan length, CancellationTokenSource end)
    {
        var (first, until) = ((long)(warmUp.TotalSeconds * rate), (long)((warmUp + length).TotalSeconds * rate));
        var start = _time.GetTimestamp();
        (_from, _until) = (After(start, warmUp.TotalSeconds), After(start, (warmUp + length).TotalSeconds));
        var lastMoment = After(start, (warmUp + length + s_lastMoment).TotalSeconds);
        var next = 0L;
        for (; next < until && !end.IsCancellationRequested; next++)
        {
            var due = After(start, next / rate);
            if (!Wait(due, lastMoment))
            {
                break;
            }

            Interlocked.Increment(ref _open);
            _started += CountsNow() ? 1 : 0;
            _ = CallAsync(next, due, isDueThen: next >= first, end);
        }

        var never = until - Math.Max(next, first);
        for (var number = Math.Max(next, first); number < until; number++)
        {
            _latencies.Record(_time.GetElapsedTime(After(start, number / rate), _until));
        }

        Drain(end);
        return Math.Max(0, never);
    }

    // Until a call is due and there is room for it; false where its time ran out before there was.
    private bool Wait(long due, long lastMoment)
    {
        while (true)
        {
            var now = _time.GetTimestamp();
            if (now > lastMoment || Volatile.Read(ref _failure) is not null)
            {
                return false;
            }

            if (now >= due && Volatile.Read(ref _open) < mostOpen)
            {
                return true;
            }

            var left = TimeSpan.FromSeconds((due - now) / (double)_time.TimestampFrequency);
            _pause(left < s_shortest ? s_shortest : left > s_step ? s_step : left);
        }
    }

    private void Drain(CancellationTokenSource end)
    {
        var began = _time.GetTimestamp();
        // After a failure the others have been cancelled, and nobody looks at what becomes of them.
        while (Volatile.Read(ref _open) > 0 && Volatile.Read(ref _failure) is null)
        {
            if (_time.GetElapsedTime(began) > s_drainLimit)
            {
                end.Cancel();
                throw new TimeoutException($"{_open} calls were not answered within {s_drainLimit.TotalSeconds} s after the last one was made.");
            }

            _pause(s_step);
        }
    }

    private async Task CallAsync(long number, long due, bool isDueThen, CancellationTokenSource end)
    {
        try
        {
            var result = await call(number, end.Token);
            var elapsed = _time.GetElapsedTime(due);
            Interlocked.Increment(ref _all);
            if (CountsNow())
            {
                Interlocked.Increment(ref result == CallResult.Refused ? ref _refused : ref _done);
            }

            if (isDueThen && result == CallResult.Done)
            {
                _latencies.Record(elapsed);
            }
        }
        catch (Exception failure)
        {
            Fail(failure, end);
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }

    // The first failure is told; it ends the others.
    private void Fail(Exception failure, CancellationTokenSource end)
    {
        if (Interlocked.CompareExchange(ref _failure, failure, null) is null)
        {
            end.Cancel();
        }
    }

    private bool CountsNow() => _time.GetTimestamp() is var now && now >= _from && now < _until;

    private long After(long start, double seconds) => start + (long)(seconds * _time.TimestampFrequency);
}
