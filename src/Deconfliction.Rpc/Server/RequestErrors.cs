using Deconfliction.Rpc.Wire;

namespace Deconfliction.Rpc.Server;

/// <summary>What a client is told about a request that is no request. Never INTERNAL: the fault is the client's.</summary>
internal static class RequestErrors
{
    public static RpcException From(WireException exception) => exception.Fault switch
    {
        WireFault.TooLarge => RichError.ResourceExhausted(exception.Message).WithInfo("MESSAGE_TOO_LARGE").ToException(exception),
        WireFault.Truncated => Invalid("TRUNCATED_MESSAGE", exception),
        WireFault.InvalidUtf8 => Invalid("INVALID_UTF8", exception),
        WireFault.Malformed => Invalid("MALFORMED_MESSAGE", exception),
        WireFault.BadCompression => Invalid("DECOMPRESSION_FAILED", exception),
        WireFault.ReservedFlag or WireFault.CompressedWithoutEncoding => Invalid("MALFORMED_FRAME", exception),
        _ => Invalid("MALFORMED_FRAME", exception),
    };

    public static RpcException ResponseTooLarge(WireException exception) =>
        RichError.ResourceExhausted(exception.Message).WithInfo("RESPONSE_TOO_LARGE").ToException(exception);

    public static RpcException BadTimeout() =>
        RichError.InvalidArgument("grpc-timeout is not at most eight digits and one of the units H, M, S, m, u, n.")
            .WithInfo("INVALID_TIMEOUT")
            .WithField(MetadataHeaders.Timeout, "At most eight digits and a unit: 500m is half a second.")
            .ToException();

    public static RpcException UnknownEncoding() =>
        RichError.Unimplemented($"The request's grpc-encoding is not known here. Use one of: {MessageCodec.Accepted}.")
            .WithInfo("UNKNOWN_ENCODING")
            .ToException();

    public static RpcException BadMetadata(string key) =>
        RichError.InvalidArgument($"The value of metadata '{key}' cannot be read. Keys that end in -bin take base64, all others printable ASCII.")
            .WithInfo("INVALID_METADATA")
            .ToException();

    // The code that grpc/doc/statuscodes.md has for a wrong number of requests.
    public static RpcException NoRequest() =>
        RichError.Unimplemented("The method takes exactly one request message and got none.").WithInfo("MISSING_MESSAGE").ToException();

    public static RpcException SecondRequest() =>
        RichError.Unimplemented("The method takes exactly one request message and got more.").WithInfo("EXTRA_MESSAGE").ToException();

    public static RpcException Stopping() =>
        RichError.Unavailable("The server is stopping. Call again; another server or its successor answers.").WithInfo("SERVER_STOPPING").ToException();

    private static RpcException Invalid(string reason, WireException exception) =>
        RichError.InvalidArgument(exception.Message).WithInfo(reason).ToException(exception);
}
