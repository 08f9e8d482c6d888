using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Rpc.Wire;

namespace Deconfliction.Rpc.Tests.Server;

/// <summary>Sends what no gRPC client would.</summary>
internal sealed class RawClient : IDisposable
{
    private readonly HttpClient _http;

    public RawClient(RpcTestServer server)
    {
        var pki = server.Pki;
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(pki.Authority);
        _http = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy, ClientCertificates = [pki.Client] },
        })
        {
            BaseAddress = server.Address,
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
    }

    public HttpClient Http => _http;

    public static byte[] Frame(byte flag, byte[] payload, int? length = null)
    {
        var frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length ?? payload.Length);
        payload.CopyTo(frame, 5);
        return frame;
    }

    public static byte[] Gzipped(byte[] plain)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return output.ToArray();
    }

    public async Task<RawAnswer> PostAsync(string path, byte[] body, params (string Key, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        foreach (var (key, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(key, value);
        }

        using var response = await _http.SendAsync(request).WaitAsync(TimeSpan.FromSeconds(20));
        var bytes = await response.Content.ReadAsByteArrayAsync();
        var trailersOnly = response.Headers.Contains(MetadataHeaders.Status);
        var source = trailersOnly ? response.Headers : response.TrailingHeaders;
        string? Get(string key) => source.TryGetValues(key, out var values) ? values.Single() : null;
        var trailers = new Metadata();
        if (Get(MetadataHeaders.StatusDetails) is { } details)
        {
            Assert.True(MetadataHeaders.TryAdd(trailers, MetadataHeaders.StatusDetails, details));
        }

        var status = new Status((StatusCode)int.Parse(Get(MetadataHeaders.Status) ?? "-1"), PercentCoding.Decode(Get(MetadataHeaders.Message) ?? string.Empty));
        return new RawAnswer(response, bytes, trailersOnly, new RpcException(status, trailers));
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>What came back.</summary>
internal sealed record RawAnswer(HttpResponseMessage Response, byte[] Body, bool TrailersOnly, RpcException Ending)
{
    public StatusCode Code => Ending.StatusCode;

    public string? Reason => Ending.GetErrorInfo()?.Reason;
}
