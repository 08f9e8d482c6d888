using System.IO.Pipelines;
using Deconfliction.Rpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Deconfliction.Rpc.Server;

/// <summary>A call on an HTTP/2 request. What is rarely needed is made when it is asked for.</summary>
internal sealed class HttpServerCallContext : ServerCallContext
{
    private readonly RpcServer _server;
    private readonly RpcMethodType _type;
    private readonly CallLifetime _lifetime;
    private Metadata? _requestHeaders;
    private Metadata? _responseTrailers;
    private Dictionary<object, object>? _userState;
    private string? _peer;
    private bool _acceptsGzip;

    public HttpServerCallContext(HttpContext http, RpcServer server, string method, RpcMethodType type)
    {
        HttpContext = http;
        _server = server;
        Method = method;
        _type = type;
        _lifetime = new CallLifetime(http, server.Time);
        Status = Status.DefaultSuccess;
    }

    public override string Method { get; }

    public override HttpContext HttpContext { get; }

    public override string Peer => _peer ??= PeerOf(HttpContext.Connection);

    public override DateTime Deadline => _lifetime.Deadline;

    public override CancellationToken CancellationToken => _lifetime.Token;

    public override Metadata RequestHeaders => _requestHeaders ??= ReadHeaders(HttpContext.Request.Headers);

    public override Metadata ResponseTrailers => _responseTrailers ??= [];

    public override Status Status { get; set; }

    public override WriteOptions? WriteOptions { get; set; }

    public override IDictionary<object, object> UserState => _userState ??= [];

    public override bool RequestCompressed => LastCompressed;

    public bool LastCompressed { get; set; }

    /// <summary>
    /// With what the service of a unary call failed. Its task holds it and nobody throws it on: each layer that does costs some ten
    /// microseconds, and whoever is refused asks again and again.
    /// </summary>
    public Exception? Failure { get; set; }

    public bool RequestGzip { get; private set; }

    public bool ResponseGzip { get; private set; }

    public RpcServerOptions Options => _server.Options;

    public CallLifetime Lifetime => _lifetime;

    public PipeReader Input => HttpContext.Request.BodyReader;

    public PipeWriter Output => HttpContext.Response.BodyWriter;

    public bool HasTrailers => _responseTrailers is { Count: > 0 };

    public bool IsStream => _type != RpcMethodType.Unary;

    /// <summary>Reads the protocol's own headers and starts the clock.</summary>
    public void Open()
    {
        var headers = HttpContext.Request.Headers;
        TimeSpan? wish = null;
        if (headers.TryGetValue(MetadataHeaders.Timeout, out var timeout))
        {
            wish = GrpcTimeout.TryParse(timeout, out var parsed) ? parsed : throw RequestErrors.BadTimeout();
        }

        var cap = IsStream ? Options.MaxStreamDuration : Options.MaxUnaryDuration;
        _lifetime.Start(wish < cap ? wish : cap ?? wish);
        if (headers.TryGetValue(MetadataHeaders.Encoding, out var encoding) && encoding.Count > 0)
        {
            RequestGzip = string.Equals(encoding, MessageCodec.GzipName, StringComparison.Ordinal);
            if (!RequestGzip && !string.Equals(encoding, MessageCodec.Identity, StringComparison.Ordinal))
            {
                HttpContext.Response.Headers[MetadataHeaders.AcceptEncoding] = MessageCodec.Accepted;
                throw RequestErrors.UnknownEncoding();
            }
        }

        if (Options.ResponseCompression == RpcCompression.Gzip)
        {
            _acceptsGzip = AcceptsGzip(headers[MetadataHeaders.AcceptEncoding]);
        }

        if (IsStream && Options.CutStreamsOnStop && _server.Stopping.CanBeCanceled
            && HttpContext.GetEndpoint()?.Metadata.GetMetadata<EndsByItselfAttribute>() is null)
        {
            _lifetime.CutOn(_server.Stopping, static () => RequestErrors.Stopping());
        }
    }

    /// <summary>Writes the headers into the buffer, once; they leave with the first flush.</summary>
    public ValueTask StartResponseAsync()
    {
        var response = HttpContext.Response;
        if (response.HasStarted)
        {
            return default;
        }

        response.ContentType = RequestGate.ContentType;
        if (_acceptsGzip)
        {
            ResponseGzip = true;
            response.Headers[MetadataHeaders.Encoding] = MessageCodec.GzipName;
        }

        return new ValueTask(response.StartAsync(CancellationToken.None));
    }

    public override async Task WriteResponseHeadersAsync(Metadata responseHeaders)
    {
        ArgumentNullException.ThrowIfNull(responseHeaders);
        if (HttpContext.Response.HasStarted)
        {
            throw new InvalidOperationException("The response's headers are sent already. Write them once, before the first message.");
        }

        CallEnding.Append(HttpContext.Response.Headers, responseHeaders);
        await StartResponseAsync();
        await Output.FlushAsync(CancellationToken);
    }

    public override void Cut(RpcException reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        _lifetime.Cut(reason);
    }

    public override void CutOn(CancellationToken token, RpcException reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        _lifetime.CutOn(token, () => reason);
    }

    private static bool AcceptsGzip(string? accepted)
    {
        foreach (var range in accepted.AsSpan().Split(','))
        {
            if (accepted.AsSpan(range).Trim().SequenceEqual(MessageCodec.GzipName))
            {
                return true;
            }
        }

        return false;
    }

    private static Metadata ReadHeaders(IHeaderDictionary headers)
    {
        var metadata = new Metadata();
        foreach (var (key, values) in headers)
        {
            if (MetadataHeaders.IsReserved(key))
            {
                continue;
            }

            foreach (var value in values)
            {
                if (!MetadataHeaders.TryAdd(metadata, key, value ?? string.Empty))
                {
                    throw RequestErrors.BadMetadata(key);
                }
            }
        }

        return metadata;
    }

    private static string PeerOf(ConnectionInfo connection) => connection.RemoteIpAddress switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } mapped => $"ipv4:{mapped.MapToIPv4()}:{connection.RemotePort}",
        { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6 } v6 => $"ipv6:[{v6}]:{connection.RemotePort}",
        var v4 => $"ipv4:{v4}:{connection.RemotePort}",
    };
}
