using Deconfliction.Rpc.Client;
using Google.Protobuf;

namespace Deconfliction.Rpc;

/// <summary>A call that is answered with a stream.</summary>
public abstract class RpcServerStream<TResponse> : IDisposable
{
    /// <summary>The responses. Reading ends with <see cref="RpcException"/> where the status is not OK.</summary>
    public abstract IAsyncStreamReader<TResponse> ResponseStream { get; }

    /// <summary>The metadata before the first response; waits for it.</summary>
    public abstract Task<Metadata> ResponseHeadersAsync { get; }

    /// <summary>The status; only after the end of the stream.</summary>
    public abstract Status GetStatus();

    /// <summary>The metadata after the last response; only after the end of the stream.</summary>
    public abstract Metadata GetTrailers();

    /// <summary>Ends the call where it has not ended.</summary>
    public abstract void Dispose();
}

/// <summary>A call that takes a stream and is answered once.</summary>
public sealed class RpcClientStream<TRequest, TResponse> : IDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly StreamCall<TRequest, TResponse> _call;

    internal RpcClientStream(StreamCall<TRequest, TResponse> call)
    {
        _call = call;
        ResponseAsync = ReadAsync();
        // Observed here too: a caller that fails while writing may never come to await it.
        _ = ResponseAsync.ContinueWith(static task => _ = task.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
    }

    /// <summary>The requests; complete them to get the response.</summary>
    public IClientStreamWriter<TRequest> RequestStream => _call.Requests!;

    /// <summary>The response.</summary>
    public Task<TResponse> ResponseAsync { get; }

    /// <summary>The metadata before the response; waits for it.</summary>
    public Task<Metadata> ResponseHeadersAsync => _call.HeadersAsync();

    /// <summary>The status; only after the response.</summary>
    public Status GetStatus() => _call.Status;

    /// <summary>The metadata after the response; only after it.</summary>
    public Metadata GetTrailers() => _call.Trailers;

    /// <summary>Ends the call where it has not ended.</summary>
    public void Dispose() => _call.Dispose();

    private async Task<TResponse> ReadAsync()
    {
        if (!await _call.MoveNext(CancellationToken.None))
        {
            throw new RpcException(new Status(StatusCode.Unimplemented, "The server sent no response to a call that has one."));
        }

        var response = _call.Current;
        return await _call.MoveNext(CancellationToken.None)
            ? throw new RpcException(new Status(StatusCode.Unimplemented, "The server sent more than one response to a call that has one."))
            : response;
    }
}

/// <summary>A call with a stream in each direction.</summary>
public sealed class RpcDuplexStream<TRequest, TResponse> : IDisposable
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    private readonly StreamCall<TRequest, TResponse> _call;

    internal RpcDuplexStream(StreamCall<TRequest, TResponse> call) => _call = call;

    /// <summary>The requests.</summary>
    public IClientStreamWriter<TRequest> RequestStream => _call.Requests!;

    /// <summary>The responses. Reading ends with <see cref="RpcException"/> where the status is not OK.</summary>
    public IAsyncStreamReader<TResponse> ResponseStream => _call;

    /// <summary>The metadata before the first response; waits for it.</summary>
    public Task<Metadata> ResponseHeadersAsync => _call.HeadersAsync();

    /// <summary>The status; only after the end of the responses.</summary>
    public Status GetStatus() => _call.Status;

    /// <summary>The metadata after the last response; only after it.</summary>
    public Metadata GetTrailers() => _call.Trailers;

    /// <summary>Ends the call where it has not ended.</summary>
    public void Dispose() => _call.Dispose();
}
