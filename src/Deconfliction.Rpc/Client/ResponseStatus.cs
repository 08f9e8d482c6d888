using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using Deconfliction.Rpc.Server;
using Deconfliction.Rpc.Wire;

namespace Deconfliction.Rpc.Client;

/// <summary>Turns responses, trailers and failures of the connection into a status.</summary>
internal static class ResponseStatus
{
    // RFC 9113, section 7, as gRPC's PROTOCOL-HTTP2 maps them.
    private const long NoError = 0;
    private const long ProtocolError = 1;
    private const long RefusedStream = 7;
    private const long Cancel = 8;
    private const long EnhanceYourCalm = 11;
    private const long InadequateSecurity = 12;

    public static Metadata Read(HttpResponseHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (key, values) in headers.NonValidated)
        {
            if (MetadataHeaders.IsReserved(key))
            {
                continue;
            }

            foreach (var value in values)
            {
                // What is no metadata (a proxy's odd header) is left out: it must not hide the status.
                _ = MetadataHeaders.TryAdd(metadata, key, value);
            }
        }

        return metadata;
    }

    /// <summary>The status in headers or trailers; null where there is none.</summary>
    public static Status? TryRead(HttpResponseHeaders headers)
    {
        if (!headers.NonValidated.TryGetValues(MetadataHeaders.Status, out var values))
        {
            return null;
        }

        var code = int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= (int)StatusCode.Unauthenticated
            ? (StatusCode)number
            : StatusCode.Unknown;
        var detail = headers.NonValidated.TryGetValues(MetadataHeaders.Message, out var messages) ? PercentCoding.Decode(messages.ToString()) : string.Empty;
        return new Status(code, detail);
    }

    /// <summary>The error where the response is one by itself: no gRPC, an HTTP error, an unknown encoding, or Trailers-Only.</summary>
    public static RpcException? Refusal(HttpResponseMessage response, Uri address)
    {
        if (response.StatusCode != HttpStatusCode.OK || !RequestGate.IsGrpc(response.Content.Headers.ContentType?.ToString()))
        {
            if (TryRead(response.Headers) is { } told && told.StatusCode != StatusCode.OK)
            {
                return new RpcException(told, Read(response.Headers));
            }

            return new RpcException(new Status(
                FromHttp(response.StatusCode),
                $"{address.Authority} answered with HTTP {(int)response.StatusCode} and no gRPC. Check that the address is that of the gRPC server."));
        }

        if (TryRead(response.Headers) is { } status && status.StatusCode != StatusCode.OK)
        {
            return new RpcException(status, Read(response.Headers));
        }

        if (response.Headers.NonValidated.TryGetValues(MetadataHeaders.Encoding, out var encoding)
            && encoding.ToString() is not (MessageCodec.GzipName or MessageCodec.Identity))
        {
            return new RpcException(new Status(StatusCode.Internal, "The server compresses in a way that was not offered to it."));
        }

        return null;
    }

    /// <summary>The status after the last message.</summary>
    public static Status Final(HttpResponseMessage response) =>
        TryRead(response.TrailingHeaders)
        ?? TryRead(response.Headers)
        ?? new Status(StatusCode.Unknown, "The server ended the call without a status. Whether it did what was asked is not known.");

    /// <summary>The error that came after the last message.</summary>
    public static RpcException? FinalError(HttpResponseMessage response)
    {
        var status = Final(response);
        return status.StatusCode == StatusCode.OK ? null : new RpcException(status, Read(response.TrailingHeaders));
    }

    public static bool IsGzip(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues(MetadataHeaders.Encoding, out var encoding) && encoding.ToString() == MessageCodec.GzipName;

    /// <summary>What went wrong on this side or on the way.</summary>
    public static RpcException From(Exception exception, CallContent call, CallDeadline deadline, Uri address)
    {
        switch (exception)
        {
            case RpcException known:
                return known;
            case WireException wire:
                return From(wire);
            case var _ when deadline.IsOver:
                return deadline.Error(exception);
            case HttpRequestException when call.ConnectionEnd is { } end:
                return From(end, address);
        }

        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case EndedAfterHandshakeException end:
                    return From(end, address);

                // Also how .NET ends a connection whose ping was not answered in time: the peer, or the way to it, stands still.
                case HttpProtocolException { ErrorCode: ProtocolError }:
                    return Failure(StatusCode.Unavailable, $"The connection to {address.Authority} broke: no sign of life in time, or no HTTP/2. {cause.Message}", exception);
                case HttpProtocolException protocol:
                    return Failure(FromReset(protocol.ErrorCode), $"{address.Authority} reset the call (HTTP/2 error {protocol.ErrorCode}).", exception);
                case AuthenticationException:
                    return Failure(StatusCode.Unavailable, $"No TLS connection with {address.Authority}: {cause.Message.TrimEnd('.', ' ')}. Check the trusted authority, the server's name and this side's certificate.", exception);
                case SocketException socket:
                    return Failure(StatusCode.Unavailable, $"Cannot reach {address.Host}:{address.Port}: {socket.SocketErrorCode}. Check the address, and that the server is running.", exception);
            }
        }

        return exception is HttpRequestException or IOException or OperationCanceledException or TimeoutException or ObjectDisposedException
            ? Failure(StatusCode.Unavailable, $"The connection to {address.Authority} failed: {exception.Message}", exception)
            : Failure(StatusCode.Internal, "The client failed to handle the call; the inner exception has the cause.", exception);
    }

    /// <summary>What is wrong with an answer.</summary>
    public static RpcException From(WireException exception) =>
        exception.Fault == WireFault.TooLarge ? RequestErrors.ResponseTooLarge(exception) : Failure(StatusCode.Internal, exception.Message, exception);

    /// <summary>A message that is not sent, since this side knows that it is too large: told as the server would tell it.</summary>
    public static RpcException NotSent<T>(WireException exception)
    {
        var told = RequestErrors.From(exception, typeof(T).Name);
        told.WasSent = false;
        return told;
    }

    private static RpcException From(EndedAfterHandshakeException end, Uri address) => Failure(
        StatusCode.Unavailable, $"{address.Authority} ended the connection as soon as TLS stood. Check this side's certificate, and that the server is running.", end);

    private static RpcException Failure(StatusCode code, string detail, Exception inner) => new(new Status(code, detail), [], inner);

    private static StatusCode FromReset(long code) => code switch
    {
        // gRPC's map says INTERNAL for a stream's reset; .NET tells the end of the whole connection (GOAWAY) by the same code, which is a server that stops.
        NoError or RefusedStream => StatusCode.Unavailable,
        Cancel => StatusCode.Cancelled,
        EnhanceYourCalm => StatusCode.ResourceExhausted,
        InadequateSecurity => StatusCode.PermissionDenied,
        _ => StatusCode.Internal,
    };

    // grpc/doc/http-grpc-status-mapping.md
    private static StatusCode FromHttp(HttpStatusCode code) => code switch
    {
        HttpStatusCode.BadRequest => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout => StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
