using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Deconfliction.Rpc.Wire;

namespace Deconfliction.Rpc.Client;

/// <summary>Builds the HTTP request of a call.</summary>
internal static class RequestMessage
{
    public static readonly MediaTypeHeaderValue ContentType = new("application/grpc");

    public static HttpRequestMessage Create(RpcChannel channel, string method, RpcCallOptions options, TimeSpan? left, int attempt, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, channel.AddressOf(method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        var headers = request.Headers;
        headers.TryAddWithoutValidation("te", "trailers");
        headers.TryAddWithoutValidation("user-agent", channel.Options.UserAgent);
        headers.TryAddWithoutValidation(MetadataHeaders.AcceptEncoding, MessageCodec.Accepted);
        if (options.Compress)
        {
            headers.TryAddWithoutValidation(MetadataHeaders.Encoding, MessageCodec.GzipName);
        }

        if (left is { } timeout)
        {
            headers.TryAddWithoutValidation(MetadataHeaders.Timeout, GrpcTimeout.Format(timeout));
        }

        if (attempt > 0)
        {
            headers.TryAddWithoutValidation(MetadataHeaders.PreviousAttempts, attempt.ToString(CultureInfo.InvariantCulture));
        }

        if (options.Headers is { Count: > 0 } metadata)
        {
            foreach (var entry in metadata)
            {
                if (!MetadataHeaders.IsReserved(entry.Key))
                {
                    headers.TryAddWithoutValidation(entry.Key, MetadataHeaders.Encode(entry));
                }
            }
        }

        return request;
    }
}
