using System.Net;
using System.Net.Sockets;
using Deconfliction.Dashboard.Web;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Gateway;
using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Keys;
using Deconfliction.Grid;
using Deconfliction.Grid.Agencies;
using Deconfliction.Ledger;
using Deconfliction.Rpc;
using Deconfliction.Server.Options;
using Deconfliction.Server.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Server.Hosting;

/// <summary>
/// The one place where the server is put together: store under its keys, grid, authority, gateway, listeners. What starts first stops
/// last: the listeners drain, then the grid finishes its turns, then the store closes.
/// </summary>
internal sealed class ServerHost : IAsyncDisposable
{
    // Together with the grid's own drain this stays within the 30 s that a stop may take.
    private static readonly TimeSpan s_drain = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_gridDrain = TimeSpan.FromSeconds(8);

    private readonly Stack<Func<ValueTask>> _undo = new();
    private readonly ServerOptions _options;
    private readonly IEdition _edition;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _logging;
    private WebApplication? _app;

    private ServerHost(ServerOptions options, IEdition edition, TimeProvider time, ILoggerFactory logging)
    {
        _options = options;
        _edition = edition;
        _time = time;
        _logging = logging;
        Pki = new PkiFolder(options.PkiFolder, options.KeysFolder);
    }

    /// <summary>The program's name.</summary>
    public string Program => _edition.Program;

    /// <summary>Where the certificates lie.</summary>
    public PkiFolder Pki { get; }

    /// <summary>Where agencies connect.</summary>
    public Uri Address { get; private set; } = new("https://localhost");

    /// <summary>Where the health pages are.</summary>
    public Uri OpsAddress { get; private set; } = new("http://localhost");

    /// <summary>Signs in one operator to the operations pages, once.</summary>
    public Uri? SignInLink { get; private set; }

    /// <summary>Whether this start wrote an operator's identity.</summary>
    public bool OperatorWritten { get; private set; }

    /// <summary>Whether agencies come with certificates of the grid's own authority.</summary>
    public bool IssuesCertificates => _options.Authorities.Count == 0;

    /// <summary>The running grid, for tests that look beneath the gateway.</summary>
    public IRunningGrid? Grid { get; private set; }

    /// <summary>Starts a server that has its store alone.</summary>
    public static Task<ServerHost> StartAsync(
        ServerOptions options, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken) =>
        StartAsync(options, new SoloEdition(), time, logging, cancellationToken);

    /// <summary>Starts a server.</summary>
    /// <param name="options">What the operator set.</param>
    /// <param name="edition">Which edition.</param>
    /// <param name="time">The clock of certificates and time-outs.</param>
    /// <param name="logging">Where everything logs; not disposed of.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<ServerHost> StartAsync(
        ServerOptions options, IEdition edition, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var host = new ServerHost(options, edition, time, logging);
        try
        {
            await host.StartAsync(cancellationToken);
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Until the process is told to stop (SIGTERM, SIGINT), and has stopped listening.</summary>
    public Task WaitForStopAsync() => _app!.WaitForShutdownAsync();

    /// <summary>Stops listening: not ready, streams end, calls under way finish.</summary>
    public Task StopAsync() => _app!.StopAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        while (_undo.TryPop(out var undo))
        {
            await undo();
        }
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        DataFolder.Make(_options);
        var (ledger, keys) = await StoreOpening.OpenAsync(_options, _edition, _time, _logging, cancellationToken);
        _undo.Push(ledger.DisposeAsync);
        var policy = PolicyOf(_options);
        var grid = await _edition.StartGridAsync(ledger, GridOptionsOf(_options, policy), _time, _logging, cancellationToken);
        _undo.Push(grid.DisposeAsync);
        Grid = grid;
        var authority = await EstablishAsync(grid.Agencies, keys, cancellationToken);
        var parts = new GatewayParts(
            grid.Grid, grid.Agencies, grid.Budgets, grid.Ids, new LedgerGatewayStore(ledger), keys, authority, TrustOf(authority), IssuesCertificates,
            HazardLists.Read(_options.Hazards), GatewayOptionsOf(_options, policy), _time);
        _app = Build(parts, ledger);
        _app.Services.FollowGrid(grid.Meters);
        _edition.JoinOps(_app.Services);
        _undo.Push(_app.DisposeAsync);
        await ListenAsync(_app, cancellationToken);
        _undo.Push(() => new ValueTask(_app.StopAsync(CancellationToken.None)));
        Address = new Uri(_app.Urls.First());
        OpsAddress = _app.Services.GetRequiredService<OpsListener>().Address;
        SignInLink = _app.Services.GetRequiredService<OpsDashboard>().CreateSignInLink(OpsAddress);
        RunUpkeep(grid);
    }

    // Read anew behind the door: another process of the same store may just have made all of it.
    private async Task<BuiltInAuthority> EstablishAsync(IAgencyDirectory agencies, KeyRing keys, CancellationToken cancellationToken)
    {
        await using var turn = await _edition.EnterAsync(cancellationToken);
        await agencies.RefreshAsync(cancellationToken);
        var authority = Pki.OpenAuthority(_options.TrustDomain, keys, storeIsNew: agencies.All.Count == 0, _time);
        _undo.Push(() => Dispose(authority));
        OperatorWritten = await new FirstOperator(agencies, authority, Pki, _time).EnsureAsync(IssuesCertificates, cancellationToken);
        return authority;
    }

    private async Task ListenAsync(WebApplication app, CancellationToken cancellationToken)
    {
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or SocketException)
        {
            throw ListenProblem.Of("listen", _options.Listen, problem);
        }
    }

    private WebApplication Build(GatewayParts parts, ILedger ledger)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = _edition.Program });
        builder.Services.AddSingleton(_logging).AddSingleton(_edition);
        builder.Services.AddGateway(parts);
        builder.Services.AddOpsDashboard(ledger, parts.Keys, _options, _edition);
        builder.AddTelemetry(_edition.Program, EnvironmentVariables);
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Readiness>());
        builder.Services.AddHostedService<StopNotice>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = s_drain);
        var certificates = new ServerCertificates(parts.Authority, HostNames(_options), _time);
        var opsCertificate = OpsSetup.CertificateOf(_options, certificates);
        // What is added last stops first, and before it the agencies' listener.
        builder.Services.AddSingleton(services => new OpsListener(_options.Ops, opsCertificate, services));
        builder.Services.AddHostedService(services => services.GetRequiredService<OpsListener>());
        var log = _logging.CreateLogger("Deconfliction.Gateway.Identity");
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseRpcLimits();
            kestrel.Listen(_options.Listen, listen => listen.UseGatewayTls(parts.Trust, certificates, log));
        });
        var app = builder.Build();
        app.MapGateway();
        return app;
    }

    // Runs from here until the listeners have stopped.
    private void RunUpkeep(IRunningGrid grid)
    {
        var stopping = new CancellationTokenSource();
        var running = Task.Run(() => grid.Upkeep.RunAsync(stopping.Token), CancellationToken.None);
        _undo.Push(async () =>
        {
            await stopping.CancelAsync();
            await running;
            stopping.Dispose();
        });
    }

    private TrustStore TrustOf(BuiltInAuthority authority) => new(
        IssuesCertificates
            ? [new TrustedAuthority(authority.Domain, authority.Trusted, [], IsBuiltIn: true)]
            : _options.Authorities,
        _time);

    private static Policy PolicyOf(ServerOptions options) => new()
    {
        DefaultLifetime = TimeSpan.FromDays(options.ClaimDays),
        MaximumLifetime = TimeSpan.FromDays(options.MaximumClaimDays),
        ExpiryNotice = TimeSpan.FromDays(options.ExpiryNoticeDays),
        CrowdCap = options.CrowdCap,
        CrowdReopensBelow = options.CrowdReopensBelow,
    };

    private static GridOptions GridOptionsOf(ServerOptions options, Policy policy) => new()
    {
        Policy = policy,
        CertificateNotice = TimeSpan.FromDays(options.CertificateNoticeDays),
        KeepEnded = TimeSpan.FromDays(options.KeepEndedDays),
        KeepAudit = TimeSpan.FromDays(options.KeepAuditDays),
        FeedHeartbeat = TimeSpan.FromSeconds(15),
        DrainTimeout = s_gridDrain,
    };

    private static GatewayOptions GatewayOptionsOf(ServerOptions options, Policy policy) => new()
    {
        ChecksPerMinute = options.ChecksPerMinute,
        ClaimsPerMinute = options.ClaimsPerMinute,
        DefaultDisclosure = options.DefaultDisclosure,
        MaximumWindow = TimeSpan.FromDays(options.MaximumWindowDays),
        Policy = policy,
    };

    private static IReadOnlyCollection<string> HostNames(ServerOptions options)
    {
        var names = new List<string> { "localhost", "127.0.0.1", "::1" };
        if (!options.Listen.Address.Equals(IPAddress.Any) && !options.Listen.Address.Equals(IPAddress.IPv6Any))
        {
            names.Add(options.Listen.Address.ToString());
        }

        names.AddRange(options.ServerNames);
        return [.. names.Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    private static Dictionary<string, string> EnvironmentVariables() => Environment.GetEnvironmentVariables()
        .Cast<System.Collections.DictionaryEntry>()
        .ToDictionary(static one => (string)one.Key, static one => (string?)one.Value ?? "", StringComparer.Ordinal);

    private static ValueTask Dispose(IDisposable disposable)
    {
        disposable.Dispose();
        return default;
    }
}
