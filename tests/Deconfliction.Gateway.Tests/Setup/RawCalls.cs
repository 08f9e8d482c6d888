using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Google.Protobuf;

namespace Deconfliction.Gateway.Tests.Setup;

/// <summary>What a call ended with, byte for byte as it was on the wire.</summary>
internal sealed record RawAnswer(string Status, string Message, string Details, byte[] Body);

/// <summary>gRPC calls without the project's client: bytes out, headers and bytes in.</summary>
internal sealed class RawCalls : IDisposable
{
    private readonly HttpClient _http;

    public RawCalls(TestServer server, X509Certificate2? certificate) => _http = Connect(server, certificate);

    /// <summary>HTTP/2 to a server, with this certificate; nothing for none.</summary>
    public static HttpClient Connect(TestServer server, X509Certificate2? certificate, Action<SocketsHttpHandler>? configure = null)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented is X509Certificate2 known && IsServer(server, known);
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        }

        configure?.Invoke(handler);
        return new HttpClient(handler)
        {
            BaseAddress = new Uri($"https://localhost:{server.Host.Address.Port}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Timeout = TimeSpan.FromSeconds(30),
        };
    }

    /// <summary>Sends one message. A stream's answer is taken to be OK once its headers are there without a status.</summary>
    public Task<RawAnswer> SendAsync(string path, IMessage? message, bool isStream = false, params (string Key, string Value)[] headers) =>
        SendAsync(path, new ByteArrayContent(Frame(message)), isStream, headers);

    /// <summary>The same with a body of the test's own.</summary>
    public async Task<RawAnswer> SendAsync(string path, HttpContent body, bool isStream = false, params (string Key, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = body };
        request.Version = HttpVersion.Version20;
        request.VersionPolicy = HttpVersionPolicy.RequestVersionExact;
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        foreach (var (key, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(key, value);
        }

        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.Headers.TryGetValues("grpc-status", out var early))
        {
            return new RawAnswer(early.Single(), Header(response.Headers, "grpc-message"), Header(response.Headers, "grpc-status-details-bin"), []);
        }

        if (isStream)
        {
            return new RawAnswer("0", "", "", []);
        }

        var bytes = await response.Content.ReadAsByteArrayAsync();
        return new RawAnswer(
            Header(response.TrailingHeaders, "grpc-status"),
            Header(response.TrailingHeaders, "grpc-message"),
            Header(response.TrailingHeaders, "grpc-status-details-bin"),
            bytes);
    }

    public void Dispose() => _http.Dispose();

    private static bool IsServer(TestServer server, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.AddRange(server.Authorities);
        return chain.Build(certificate);
    }

    private static byte[] Frame(IMessage? message)
    {
        var bytes = message?.ToByteArray() ?? [];
        return [0, (byte)(bytes.Length >> 24), (byte)(bytes.Length >> 16), (byte)(bytes.Length >> 8), (byte)bytes.Length, .. bytes];
    }

    private static string Header(System.Net.Http.Headers.HttpHeaders headers, string name) =>
        headers.TryGetValues(name, out var values) ? values.Single() : "";
}
