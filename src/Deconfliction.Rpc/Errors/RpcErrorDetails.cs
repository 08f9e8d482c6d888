using Deconfliction.Rpc.Wire;
using Google.Protobuf;
using Google.Rpc;

namespace Deconfliction.Rpc;

/// <summary>Reads the details of AIP-193 out of an error.</summary>
public static class RpcErrorDetails
{
    /// <summary>The whole of <c>grpc-status-details-bin</c>; null where there is none, or where it cannot be read.</summary>
    public static Google.Rpc.Status? GetRpcStatus(this RpcException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        if (exception.Trailers.GetValueBytes(MetadataHeaders.StatusDetails) is not { } bytes)
        {
            return null;
        }

        try
        {
            return Google.Rpc.Status.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException)
        {
            // Details only add to the status, which the caller has; broken ones must not hide it.
            return null;
        }
    }

    /// <summary>The reason, its domain and facts, or null.</summary>
    public static ErrorInfo? GetErrorInfo(this RpcException exception) => Detail(exception, ErrorInfo.Parser);

    /// <summary>The fields that are wrong, or null.</summary>
    public static BadRequest? GetBadRequest(this RpcException exception) => Detail(exception, BadRequest.Parser);

    /// <summary>When to come back, or null.</summary>
    public static RetryInfo? GetRetryInfo(this RpcException exception) => Detail(exception, RetryInfo.Parser);

    /// <summary>What the error is about, or null.</summary>
    public static ResourceInfo? GetResourceInfo(this RpcException exception) => Detail(exception, ResourceInfo.Parser);

    private static T? Detail<T>(RpcException exception, MessageParser<T> parser)
        where T : class, IMessage<T>, new()
    {
        var wanted = new T().Descriptor.FullName;
        foreach (var detail in exception.GetRpcStatus()?.Details ?? [])
        {
            if (!string.Equals(Google.Protobuf.WellKnownTypes.Any.GetTypeName(detail.TypeUrl), wanted, StringComparison.Ordinal))
            {
                continue;
            }

            try
            {
                return parser.ParseFrom(detail.Value);
            }
            catch (InvalidProtocolBufferException)
            {
                // As above.
                return null;
            }
        }

        return null;
    }
}
