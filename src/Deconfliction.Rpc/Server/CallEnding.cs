using Deconfliction.Rpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Deconfliction.Rpc.Server;

/// <summary>Writes the status: as trailers after messages, or alone as headers ("Trailers-Only").</summary>
internal static class CallEnding
{
    private static readonly StringValues s_ok = "0";

    public static void Write(HttpContext http, Status status, Metadata? callTrailers, Metadata? errorTrailers)
    {
        var response = http.Response;
        IHeaderDictionary target;
        if (response.HasStarted)
        {
            target = http.Features.Get<IHttpResponseTrailersFeature>()?.Trailers
                ?? throw new InvalidOperationException("The server does not support trailers; gRPC needs Kestrel with HTTP/2.");
        }
        else
        {
            response.ContentType = RequestGate.ContentType;
            target = response.Headers;
        }

        target[MetadataHeaders.Status] = status.StatusCode == StatusCode.OK ? s_ok : MetadataHeaders.StatusText(status.StatusCode);
        if (!string.IsNullOrEmpty(status.Detail))
        {
            target[MetadataHeaders.Message] = PercentCoding.Encode(status.Detail);
        }

        Append(target, callTrailers);
        Append(target, errorTrailers);
    }

    public static void Append(IHeaderDictionary target, Metadata? metadata)
    {
        if (metadata is null)
        {
            return;
        }

        foreach (var entry in metadata)
        {
            if (!MetadataHeaders.IsReserved(entry.Key))
            {
                target.Append(entry.Key, MetadataHeaders.Encode(entry));
            }
        }
    }
}
