using System.Collections.Concurrent;
using Deconfliction.Rpc.Client;
using Google.Protobuf;

namespace Deconfliction.Rpc;

/// <summary>
/// A client of one server: calls over HTTP/2, on as many connections as they need. Safe from any thread; make one and keep it.
/// </summary>
public sealed class RpcChannel : IDisposable
{
    private readonly HttpMessageInvoker _http;
    private readonly ConcurrentDictionary<string, Uri> _addresses = new(StringComparer.Ordinal);

    /// <summary>A channel to <paramref name="address"/> (<c>https://host:port</c>). Connects with the first call.</summary>
    public RpcChannel(Uri address, RpcChannelOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!address.IsAbsoluteUri || address.Scheme is not ("https" or "http"))
        {
            throw new ArgumentException($"'{address}' is no server address. Give https://HOST:PORT.", nameof(address));
        }

        Address = address;
        Options = options ?? new RpcChannelOptions();
        _http = new HttpMessageInvoker(Connections.Create(Options), disposeHandler: true);
    }

    /// <summary>The server's address.</summary>
    public Uri Address { get; }

    internal RpcChannelOptions Options { get; }

    /// <summary>Calls a unary method.</summary>
    /// <exception cref="RpcException">The call ended with another status than OK. Cancelling the token gives CANCELLED.</exception>
    public async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions? options = null,
        CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var (message, response) = await UnaryCall.RunAsync(this, method, request, options, cancellationToken);
        response.Dispose();
        return message;
    }

    /// <summary>Calls a unary method and gives the response's metadata too.</summary>
    /// <exception cref="RpcException">As for <see cref="UnaryAsync"/>.</exception>
    public async Task<RpcResponse<TResponse>> UnaryWithMetadataAsync<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions? options = null,
        CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var (message, response) = await UnaryCall.RunAsync(this, method, request, options, cancellationToken);
        using (response)
        {
            return new RpcResponse<TResponse>(message, ResponseStatus.Read(response.Headers), ResponseStatus.Read(response.TrailingHeaders));
        }
    }

    /// <summary>Calls a method that answers with a stream. Dispose the stream to end it early.</summary>
    public RpcServerStream<TResponse> ServerStream<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        TRequest request,
        RpcCallOptions? options = null,
        CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        new RetryingServerStream<TRequest, TResponse>(this, method, request, options ?? RpcCallOptions.Default, cancellationToken);

    /// <summary>Calls a method that takes a stream. Never repeated by itself.</summary>
    public RpcClientStream<TRequest, TResponse> ClientStream<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        RpcCallOptions? options = null,
        CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        new(new StreamCall<TRequest, TResponse>(this, method, options ?? RpcCallOptions.Default, cancellationToken));

    /// <summary>Calls a method that takes and answers with a stream. Never repeated by itself.</summary>
    public RpcDuplexStream<TRequest, TResponse> DuplexStream<TRequest, TResponse>(
        RpcMethod<TRequest, TResponse> method,
        RpcCallOptions? options = null,
        CancellationToken cancellationToken = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        new(new StreamCall<TRequest, TResponse>(this, method, options ?? RpcCallOptions.Default, cancellationToken));

    /// <summary>Closes the connections; open calls end with CANCELLED or UNAVAILABLE.</summary>
    public void Dispose() => _http.Dispose();

    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _http.SendAsync(request, cancellationToken);

    internal Uri AddressOf(string fullName) =>
        _addresses.TryGetValue(fullName, out var known) ? known : _addresses.GetOrAdd(fullName, name => new Uri(Address, name));
}

/// <summary>A unary response with its metadata.</summary>
/// <param name="Message">The response.</param>
/// <param name="Headers">The metadata before it.</param>
/// <param name="Trailers">The metadata after it.</param>
public sealed record RpcResponse<T>(T Message, Metadata Headers, Metadata Trailers);
