using System.Security.Cryptography.X509Certificates;
using Deconfliction.Client.Identities;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Deconfliction.Server.Hosting;
using Deconfliction.Server.Options;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Gateway.Tests.Setup;

/// <summary>A server of the same composition as the program's, in this process, on a folder and ports of its own.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly List<IDisposable> _owned = [];
    private readonly ILoggerFactory _logging;
    private readonly TemporaryFolder? _folder;

    private TestServer(ServerHost host, string data, TemporaryFolder? folder, CapturedLog log, ILoggerFactory logging)
    {
        Host = host;
        Data = data;
        Log = log;
        _folder = folder;
        _logging = logging;
        Authorities = AgencyIdentity.LoadAuthorities(host.Pki.AuthorityFile);
    }

    public ServerHost Host { get; }

    public string Data { get; }

    public CapturedLog Log { get; }

    /// <summary>By which the server is known.</summary>
    public X509Certificate2Collection Authorities { get; }

    public static Task<TestServer> StartAsync(params string[] more)
    {
        var folder = new TemporaryFolder();
        return StartAsync(folder.Path, folder, more);
    }

    public static Task<TestServer> StartOnAsync(string data, params string[] more) => StartAsync(data, folder: null, more);

    /// <summary>The options that a command line gives.</summary>
    public static (ServerOptions? Options, IReadOnlyList<string> Problems) Options(params string[] arguments) =>
        new OptionReader(OptionSources.Read(arguments, _ => null, "no-such-file.json")).Read();

    /// <summary>A channel with this certificate; nothing for none.</summary>
    public RpcChannel Channel(X509Certificate2? certificate)
    {
        var channel = new RpcChannel(new Uri($"https://localhost:{Host.Address.Port}"), new RpcChannelOptions
        {
            ClientCertificate = certificate,
            TrustedAuthorities = Authorities,
            UnaryTimeout = TimeSpan.FromSeconds(30),
            Retry = new RpcRetryPolicy { MaxAttempts = 1 },
        });
        _owned.Add(channel);
        return channel;
    }

    public RpcChannel Operator()
    {
        var identity = AgencyIdentity.Load(Host.Pki.OperatorFile);
        _owned.Add(identity);
        return Channel(identity.Certificate);
    }

    /// <summary>Adds an agency over the wire.</summary>
    public async Task<TestAgency> AddAsync(string id, AgencyRole role)
    {
        var pair = CertificateRequestPair.Create(id);
        using var channel = Operator();
        var response = await channel.CallAsync<CreateAgencyRequest, CreateAgencyResponse>(new CreateAgencyRequest
        {
            RequestId = Guid.NewGuid().ToString(), Agency = id, Name = $"Agency {id}", Role = role, Contact = $"desk@{id}", CsrPem = pair.RequestPem,
        });
        var certificate = TestCertificates.WithKey(response.CertificatePem, pair.KeyPem);
        _owned.Add(certificate);
        return new TestAgency(id, role, certificate, Channel(certificate));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
        {
            owned.Dispose();
        }

        await Host.DisposeAsync();
        _logging.Dispose();
        _folder?.Dispose();
    }

    private static async Task<TestServer> StartAsync(string data, TemporaryFolder? folder, string[] more)
    {
        var log = new CapturedLog();
        var logging = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        var (options, problems) = Options(["--data", data, "--listen", "127.0.0.1:0", "--ops", "127.0.0.1:0", .. more]);
        Assert.True(problems.Count == 0, string.Join('\n', problems));
        var host = await ServerHost.StartAsync(options!, TimeProvider.System, logging, CancellationToken.None);
        return new TestServer(host, data, folder, log, logging);
    }
}

/// <summary>A member with its identity and a channel.</summary>
internal sealed record TestAgency(string Id, AgencyRole Role, X509Certificate2 Certificate, RpcChannel Channel)
{
    /// <summary>What must be given as requested_by.</summary>
    public string Officer => $"officer-of-{Id}";
}

/// <summary>One server with one agency of each role, for all tests that leave it as it is.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal TestServer Server { get; private set; } = null!;

    internal TestAgency Alpha { get; private set; } = null!;

    internal TestAgency Beta { get; private set; } = null!;

    internal IReadOnlyDictionary<AgencyRole, TestAgency> ByRole { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Server = await TestServer.StartAsync();
        Alpha = await Server.AddAsync("alpha", AgencyRole.LawEnforcement);
        Beta = await Server.AddAsync("beta", AgencyRole.InternationalBody);
        ByRole = new Dictionary<AgencyRole, TestAgency>
        {
            [AgencyRole.LawEnforcement] = Alpha,
            [AgencyRole.InternationalBody] = Beta,
            [AgencyRole.Hotline] = await Server.AddAsync("hotline", AgencyRole.Hotline),
            [AgencyRole.Industry] = await Server.AddAsync("industry", AgencyRole.Industry),
            [AgencyRole.Operator] = await Server.AddAsync("second-operator", AgencyRole.Operator),
            [AgencyRole.Auditor] = await Server.AddAsync("auditor", AgencyRole.Auditor),
        };
    }

    public async Task DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(Name)]
public sealed class SharedServerTests : ICollectionFixture<SharedServer>
{
    public const string Name = "shared server";
}
