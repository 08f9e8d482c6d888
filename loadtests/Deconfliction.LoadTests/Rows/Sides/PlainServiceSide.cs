using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.Json;
using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Rows.Sides;

/// <summary>
/// The service that a team would write: ASP.NET Core and Npgsql, JSON over mutual TLS, one transaction a claim
/// (<c>loadtests/Deconfliction.PlainService</c>).
/// </summary>
internal sealed class PlainServiceSide : ISide, IAsyncDisposable
{
    /// <summary>Connections to its database.</summary>
    public const int PoolSize = 32;

    private static readonly MediaTypeHeaderValue s_json = new("application/json");
    private readonly PlainServiceProcess _service;
    private readonly SocketsHttpHandler _handler;
    private readonly HttpMessageInvoker _http;
    private readonly Uri _address;
    private readonly int _postmaster;
    private ClosedLoop? _loop;

    private PlainServiceSide(PlainServiceProcess service, int postmaster)
    {
        (_service, _postmaster) = (service, postmaster);
        _address = new Uri($"https://localhost:{service.Port}/claims");
        _handler = new SocketsHttpHandler { EnableMultipleHttp2Connections = true, UseProxy = false, UseCookies = false, ActivityHeadersPropagator = null };
        _handler.SslOptions = new SslClientAuthenticationOptions
        {
            ClientCertificateContext = SslStreamCertificateContext.Create(service.Client, additionalCertificates: null, offline: true),
            RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate?.GetCertHashString() == service.Server.Thumbprint,
        };
        _http = new HttpMessageInvoker(_handler);
    }

    public string Name => "plain service: claims on fresh identifiers";

    public string Unit => "claims/s";

    public string Tuning => $"plain service: ASP.NET Core's slim host and minimal API, source-generated JSON over mutual TLS and HTTP/2, the runtime options of the grid's server; Npgsql with {PoolSize} pooled connections, both statements prepared, the begin sent with the first, no reset on return to the pool; the same table as pgbench's";

    public IReadOnlyList<int> Callers => [32, 64, 128, 256];

    public CpuSubjects Subjects => new([_service.ProcessId], _postmaster);

    public long Done => _loop?.Done ?? 0;

    /// <summary>Starts it on a fresh database.</summary>
    public static async Task<PlainServiceSide> StartAsync(string connection, int postmaster, CancellationToken cancellationToken)
    {
        await PlainTable.CreateAsync(connection, filled: 0, cancellationToken);
        return new PlainServiceSide(await PlainServiceProcess.StartAsync(connection, PoolSize, cancellationToken), postmaster);
    }

    public async Task<SideRound> RunAsync(int number, TimeSpan length, CancellationToken cancellationToken)
    {
        var result = await (_loop = new ClosedLoop(number, ClaimAsync)).RunAsync(length, callsEach: 1, cancellationToken);
        return new SideRound(result.Rate, result.Latencies.Count, result.Latencies);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _service.DisposeAsync();
    }

    private async Task ClaimAsync(int caller, CancellationToken cancellationToken)
    {
        var value = GeneratedValues.Sha256(FreshNumbers.Next());
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(
                new PlainClaim(GeneratedValues.Kind, value, "LOAD-1", "officer-7"), PlainMessages.Default.PlainClaim)) { Headers = { ContentType = s_json } },
        };
        using var response = await _http.SendAsync(request, cancellationToken);
        response.EnsureSuccessStatusCode();
        var answer = await JsonSerializer.DeserializeAsync(
            await response.Content.ReadAsStreamAsync(cancellationToken), PlainMessages.Default.PlainAnswer, cancellationToken);
        if (answer?.Id is null)
        {
            throw new InvalidOperationException("The plain service did not take a claim as a new one.");
        }
    }
}
