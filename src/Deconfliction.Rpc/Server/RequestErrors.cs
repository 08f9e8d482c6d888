using Deconfliction.Rpc.Wire;
using Microsoft.AspNetCore.Http;

namespace Deconfliction.Rpc.Server;

/// <summary>What a client is told about a request that is no request. Never INTERNAL: the fault is the client's.</summary>
internal static class RequestErrors
{
    /// <summary>As many fields are told at once: the details travel in a header, which clients bound.</summary>
    private const int FieldsTold = 16;

    /// <summary>Names the fields at fault, and where it is the message as a whole, <paramref name="message"/> by its type.</summary>
    public static RpcException From(WireException exception, string message)
    {
        var code = exception.Fault == WireFault.TooLarge ? StatusCode.ResourceExhausted : StatusCode.InvalidArgument;
        var reason = exception.Fault switch
        {
            WireFault.TooLarge => "MESSAGE_TOO_LARGE",
            WireFault.Truncated => "TRUNCATED_MESSAGE",
            WireFault.InvalidUtf8 => "INVALID_UTF8",
            WireFault.Malformed => "MALFORMED_MESSAGE",
            WireFault.BadCompression => "DECOMPRESSION_FAILED",
            _ => "MALFORMED_FRAME",
        };
        var error = RichError.Of(code, exception.Message).WithInfo(reason, metadata: exception.Facts);
        foreach (var field in exception.Fields.Count > 0 ? exception.Fields.Take(FieldsTold) : [message])
        {
            error.WithField(field, exception.Fields.Count > 0 ? $"The text is not UTF-8. {exception.Remedy}" : exception.Message, reason);
        }

        var told = error.ToException(exception);
        return exception is { Received: { } request, Fields.Count: <= Utf8Check.MostFields } ? new InvalidTextException(told, request, exception.Fields) : told;
    }

    public static RpcException ResponseTooLarge(WireException exception) =>
        RichError.ResourceExhausted(exception.Message).WithInfo("RESPONSE_TOO_LARGE", metadata: exception.Facts).ToException(exception);

    public static RpcException From(BadHttpRequestException exception) => exception.StatusCode switch
    {
        StatusCodes.Status408RequestTimeout => Refusal(
            StatusCode.DeadlineExceeded, "REQUEST_TOO_SLOW", "The request's bytes came too slowly.", "Call again over a better line.", cause: exception),
        StatusCodes.Status413PayloadTooLarge => Refusal(
            StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE", "The request is larger than the server takes.", "Send less at once.", cause: exception),
        _ => Refusal(
            StatusCode.InvalidArgument, "MALFORMED_REQUEST", "The request is no valid HTTP/2 request.", "Send requests as gRPC's PROTOCOL-HTTP2 describes.",
            cause: exception),
    };

    public static RpcException BadTimeout() => Refusal(
        StatusCode.InvalidArgument,
        "INVALID_TIMEOUT",
        "grpc-timeout is not at most eight digits and one of the units H, M, S, m, u, n.",
        "Give such as 500m for half a second.",
        MetadataHeaders.Timeout);

    public static RpcException UnknownEncoding() => Refusal(
        StatusCode.Unimplemented, "UNKNOWN_ENCODING", "The request's grpc-encoding is not known here.", $"Use one of: {MessageCodec.Accepted}.",
        MetadataHeaders.Encoding);

    public static RpcException BadMetadata(string key) => Refusal(
        StatusCode.InvalidArgument, "INVALID_METADATA", $"The value of metadata '{key}' cannot be read.",
        "Give base64 under keys that end in -bin, and printable ASCII under all others.", key);

    // The code that grpc/doc/statuscodes.md has for a wrong number of requests.
    public static RpcException NoRequest() => Refusal(
        StatusCode.Unimplemented, "MISSING_MESSAGE", "The method takes exactly one request message and got none.", "Send one.");

    public static RpcException SecondRequest() => Refusal(
        StatusCode.Unimplemented, "EXTRA_MESSAGE", "The method takes exactly one request message and got more.", "Send one, and make a call for each other.");

    public static RpcException Stopping() => Refusal(
        StatusCode.Unavailable, "SERVER_STOPPING", "The server is stopping.", "Call again; another server or its successor answers.");

    private static RpcException Refusal(
        StatusCode code, string reason, string description, string remedy, string? field = null, Exception? cause = null)
    {
        var message = $"{description} {remedy}";
        var error = RichError.Of(code, message).WithInfo(reason, metadata: [new("remedy", remedy)]);
        return (field is null ? error : error.WithField(field, message, reason)).ToException(cause);
    }
}
