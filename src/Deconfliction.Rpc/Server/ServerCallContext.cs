using Microsoft.AspNetCore.Http;

namespace Deconfliction.Rpc;

/// <summary>A call as its service sees it. Shaped like Grpc.Core's, so that Grpc.AspNetCore can take this project's place.</summary>
public abstract class ServerCallContext
{
    /// <summary>The method's path: <c>/package.Service/Method</c>.</summary>
    public abstract string Method { get; }

    /// <summary>The peer's address: <c>ipv4:127.0.0.1:50123</c> or <c>ipv6:[::1]:50123</c>.</summary>
    public abstract string Peer { get; }

    /// <summary>When the call ends by itself, UTC: the client's wish, capped by the server; <see cref="DateTime.MaxValue"/> for never.</summary>
    public abstract DateTime Deadline { get; }

    /// <summary>Cancelled when the client is gone, the deadline passes, or the call is cut.</summary>
    public abstract CancellationToken CancellationToken { get; }

    /// <summary>The client's custom metadata.</summary>
    /// <exception cref="RpcException">INVALID_ARGUMENT: a value is not what its key says.</exception>
    public abstract Metadata RequestHeaders { get; }

    /// <summary>The metadata that is sent after the last message.</summary>
    public abstract Metadata ResponseTrailers { get; }

    /// <summary>The status with which a call ends that throws nothing. Default OK.</summary>
    public abstract Status Status { get; set; }

    /// <summary>How responses are written unless their writer says otherwise.</summary>
    public abstract WriteOptions? WriteOptions { get; set; }

    /// <summary>What interceptors leave for the service.</summary>
    public abstract IDictionary<object, object> UserState { get; }

    /// <summary>The request under the call.</summary>
    public abstract HttpContext HttpContext { get; }

    /// <summary>Whether the message that was read last came compressed.</summary>
    public abstract bool RequestCompressed { get; }

    /// <summary>Sends the response's headers now, with <paramref name="responseHeaders"/>; once, and before the first message.</summary>
    public abstract Task WriteResponseHeadersAsync(Metadata responseHeaders);

    /// <summary>
    /// Ends the call from outside, from any thread: the token is cancelled, reads and writes fail, nothing more is sent, and the
    /// call ends with the status and trailers of <paramref name="reason"/>, whatever the service throws or returns. The first
    /// reason stands; after the end of the call this does nothing.
    /// </summary>
    public abstract void Cut(RpcException reason);

    /// <summary>Cuts the call when <paramref name="token"/> is cancelled, for as long as it runs.</summary>
    public abstract void CutOn(CancellationToken token, RpcException reason);
}

/// <summary>The names that Grpc.AspNetCore gives.</summary>
public static class ServerCallContextExtensions
{
    /// <summary>The request under the call.</summary>
    public static HttpContext GetHttpContext(this ServerCallContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.HttpContext;
    }
}
