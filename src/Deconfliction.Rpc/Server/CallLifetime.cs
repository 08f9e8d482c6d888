using Microsoft.AspNetCore.Http;

namespace Deconfliction.Rpc.Server;

/// <summary>
/// When and why a call ends before its service is done: the client went, the deadline passed, or somebody cut it. The first of
/// them is the reason. The token and its timer are made when somebody asks for them: a unary call that never waits pays nothing.
/// </summary>
internal sealed class CallLifetime(HttpContext http, TimeProvider time)
{
    private static readonly RpcException s_clientGone = new(new Status(StatusCode.Cancelled, "The client ended the call."));
    private static readonly RpcException s_late = new(new Status(StatusCode.DeadlineExceeded, "The call's deadline passed before it was done."));

    private readonly Lock _gate = new();
    private CancellationTokenSource? _source;
    private CancellationToken _token;
    private CancellationTokenRegistration _abort;
    private List<CancellationTokenRegistration>? _cutters;
    private RpcException? _reason;
    private bool _closed;

    /// <summary>UTC; <see cref="DateTime.MaxValue"/> for never.</summary>
    public DateTime Deadline { get; private set; } = DateTime.MaxValue;

    /// <summary>Whether somebody cut the call.</summary>
    public bool IsCut { get; private set; }

    public CancellationToken Token
    {
        get
        {
            // Reading the field again after the lock costs less than a lock on each message of a stream.
            if (Volatile.Read(ref _source) is not null)
            {
                return _token;
            }

            lock (_gate)
            {
                EnsureSource();
                return _token;
            }
        }
    }

    /// <summary>Why the call is over although its service is not done; null while it may go on.</summary>
    public RpcException? Reason
    {
        get
        {
            lock (_gate)
            {
                return _reason ?? (_source is { IsCancellationRequested: true } ? s_late : null);
            }
        }
    }

    /// <summary>Whether the client is gone, also where nobody asked for the token.</summary>
    public bool ClientGone => http.RequestAborted.IsCancellationRequested;

    public static RpcException ClientGoneReason => s_clientGone;

    /// <summary>The reason as an exception to throw: reasons are shared between calls, thrown exceptions are not.</summary>
    public void ThrowIfOver()
    {
        if (Reason is { } reason)
        {
            throw new RpcException(reason.Status, reason.Trailers);
        }
    }

    public void Start(TimeSpan? duration)
    {
        if (duration is { } span)
        {
            var now = time.GetUtcNow().UtcDateTime;
            Deadline = span < DateTime.MaxValue - now ? now + span : DateTime.MaxValue;
        }
    }

    public void Cut(RpcException reason) => End(reason, cut: true);

    public void CutOn(CancellationToken token, Func<RpcException> reason)
    {
        var registration = token.UnsafeRegister(
            static state =>
            {
                var (lifetime, reason) = ((CallLifetime, Func<RpcException>))state!;
                lifetime.Cut(reason());
            },
            (this, reason));
        lock (_gate)
        {
            if (!_closed)
            {
                (_cutters ??= []).Add(registration);
                return;
            }
        }

        registration.Dispose();
    }

    /// <summary>Nothing after this can cut the call; gives the timer back.</summary>
    public void Close()
    {
        List<CancellationTokenRegistration>? cutters;
        lock (_gate)
        {
            _closed = true;
            cutters = _cutters;
        }

        // Unregister, not Dispose: a callback that runs right now must not be waited for.
        cutters?.ForEach(static cutter => cutter.Unregister());

        _abort.Unregister();
        _source?.Dispose();
    }

    private void End(RpcException reason, bool cut)
    {
        CancellationTokenSource source;
        lock (_gate)
        {
            if (_closed || _reason is not null || _source is { IsCancellationRequested: true })
            {
                return;
            }

            _reason = reason;
            IsCut = cut;
            source = EnsureSource();
        }

        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call ended in between; nothing is left to cancel.
        }
    }

    private CancellationTokenSource EnsureSource()
    {
        if (_source is not null)
        {
            return _source;
        }

        CancellationTokenSource source;
        if (Deadline == DateTime.MaxValue)
        {
            source = new CancellationTokenSource();
        }
        else
        {
            var left = Deadline - time.GetUtcNow().UtcDateTime;
            source = new CancellationTokenSource(left > TimeSpan.Zero ? Min(left, TimeSpan.FromDays(40)) : TimeSpan.Zero, time);
        }

        _token = source.Token;
        Volatile.Write(ref _source, source);
        if (!_closed)
        {
            _abort = http.RequestAborted.UnsafeRegister(static state => ((CallLifetime)state!).End(s_clientGone, cut: false), this);
        }

        return source;
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
