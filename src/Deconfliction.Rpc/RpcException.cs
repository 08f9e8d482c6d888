namespace Deconfliction.Rpc;

/// <summary>
/// A call that ended with another status than OK. A service throws it to answer so; a client gets it. The rich details of
/// AIP-193 travel in <see cref="Trailers"/>: write them with <see cref="RichError"/>, read them with
/// <see cref="RpcErrorDetails"/>.
/// </summary>
public class RpcException : Exception
{
    /// <summary>Ends a call with <paramref name="status"/>.</summary>
    public RpcException(Status status)
        : this(status, [])
    {
    }

    /// <summary>Ends a call with <paramref name="status"/> and <paramref name="trailers"/>.</summary>
    public RpcException(Status status, Metadata trailers)
        : this(status, trailers, innerException: null)
    {
    }

    /// <summary>Ends a call with <paramref name="status"/> because of <paramref name="innerException"/>, which stays on this side.</summary>
    public RpcException(Status status, Metadata trailers, Exception? innerException)
        : base(status.ToString(), innerException)
    {
        ArgumentNullException.ThrowIfNull(trailers);
        Status = status;
        Trailers = trailers;
    }

    /// <summary>The status, as sent or received.</summary>
    public Status Status { get; }

    /// <summary>The code of <see cref="Status"/>.</summary>
    public StatusCode StatusCode => Status.StatusCode;

    /// <summary>The metadata after the last message.</summary>
    public Metadata Trailers { get; }

    /// <summary>
    /// Whether the request, or a part of it, left this side in any attempt. Where it is false the server cannot have done what was asked;
    /// where it is true it may have, whatever the status. Told by unary calls, and of a message that is too large to be sent; true elsewhere.
    /// </summary>
    public bool WasSent { get; internal set; } = true;
}
