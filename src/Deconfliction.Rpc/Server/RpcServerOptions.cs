namespace Deconfliction.Rpc;

/// <summary>What the server takes, sends and allows. All limits are per call; <see cref="RpcKestrelLimits"/> has those of a connection.</summary>
public sealed class RpcServerOptions
{
    /// <summary>The largest request message, in bytes, before and after decompression. Default 4 MiB.</summary>
    public int MaxReceiveMessageBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The largest response message, in bytes, before compression. Default 4 MiB, which is what clients take unless told otherwise.</summary>
    public int MaxSendMessageBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>The longest that a unary call may take, whatever the client asks for or does not ask for. Default 5 minutes.</summary>
    public TimeSpan MaxUnaryDuration { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest that a streaming call may take; null (the default) for as long as both sides wish.</summary>
    public TimeSpan? MaxStreamDuration { get; set; }

    /// <summary>How responses are compressed for clients that accept it. Default: not.</summary>
    public RpcCompression ResponseCompression { get; set; }

    /// <summary>
    /// Whether streams end with UNAVAILABLE (reason SERVER_STOPPING) as soon as the host is asked to stop. Default true: an
    /// endless stream would otherwise use up the whole time for stopping. A watch of the health is told NOT_SERVING first.
    /// </summary>
    public bool CutStreamsOnStop { get; set; } = true;

    /// <summary>What stands around each call, the first outermost.</summary>
    public RpcInterceptorCollection Interceptors { get; } = [];

    internal void Validate()
    {
        InRange(MaxReceiveMessageBytes, nameof(MaxReceiveMessageBytes));
        InRange(MaxSendMessageBytes, nameof(MaxSendMessageBytes));
        Positive(MaxUnaryDuration, nameof(MaxUnaryDuration));
        Positive(MaxStreamDuration ?? TimeSpan.MaxValue, nameof(MaxStreamDuration));
    }

    private static void InRange(int bytes, string name)
    {
        const int Max = 1 << 30;
        if (bytes is < 1 or > Max)
        {
            throw new InvalidOperationException($"{nameof(RpcServerOptions)}.{name} is {bytes}; it takes 1 to {Max} bytes.");
        }
    }

    private static void Positive(TimeSpan duration, string name)
    {
        if (duration <= TimeSpan.Zero)
        {
            throw new InvalidOperationException($"{nameof(RpcServerOptions)}.{name} is {duration}; it takes a positive time.");
        }
    }
}
