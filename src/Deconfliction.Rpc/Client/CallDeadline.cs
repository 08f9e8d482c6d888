namespace Deconfliction.Rpc.Client;

/// <summary>The token of a call: the caller's, its deadline's and its own disposal's. Knows afterwards which of them it was.</summary>
internal sealed class CallDeadline : IDisposable
{
    private static readonly TimeSpan s_max = TimeSpan.FromDays(40);

    private readonly TimeProvider _time;
    private readonly CancellationToken _caller;
    private readonly long _started;
    private readonly TimeSpan? _timeout;
    private readonly CancellationTokenSource _source;
    private readonly CancellationTokenRegistration _registration;
    private volatile bool _ended;

    public CallDeadline(TimeProvider time, TimeSpan? timeout, CancellationToken caller)
    {
        _time = time;
        _caller = caller;
        _started = time.GetTimestamp();
        _timeout = timeout is { } wish ? TimeSpan.FromTicks(Math.Clamp(wish.Ticks, 0, s_max.Ticks)) : null;
        _source = _timeout is { } after ? new CancellationTokenSource(after, time) : new CancellationTokenSource();
        _registration = caller.UnsafeRegister(static state => ((CallDeadline)state!).End(), this);
        Token = _source.Token;
    }

    public CancellationToken Token { get; }

    /// <summary>What is left; null without a deadline.</summary>
    public TimeSpan? Left => _timeout is { } timeout ? timeout - _time.GetElapsedTime(_started) : null;

    /// <summary>Whether it was the deadline that ended the call.</summary>
    public bool IsLate => IsOver && !_ended && !_caller.IsCancellationRequested;

    /// <summary>Whether it has passed, or the call was ended. By the clock too: the server may have ended the call for it before this side's timer.</summary>
    public bool IsOver => _source.IsCancellationRequested || Left <= TimeSpan.Zero;

    /// <summary>Ends the call from this side.</summary>
    public void End()
    {
        if (_source.IsCancellationRequested)
        {
            return;
        }

        _ended = true;
        try
        {
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call is done already.
        }
    }

    public RpcException Error(Exception? inner) => IsLate
        ? new RpcException(new Status(StatusCode.DeadlineExceeded, $"The call's deadline of {_timeout!.Value.TotalSeconds:0.###} s passed. Whether the server did what was asked is not known."), [], inner)
        : new RpcException(new Status(StatusCode.Cancelled, "The call was cancelled on this side."), [], inner);

    public void Dispose()
    {
        _registration.Unregister();
        _source.Dispose();
    }
}
