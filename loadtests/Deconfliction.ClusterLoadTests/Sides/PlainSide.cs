using System.Net;
using Deconfliction.ClusterLoadTests.Plain;
using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Keys;
using Deconfliction.Ledger.Postgres;
using Deconfliction.LoadTests.Setup;
using Deconfliction.Rpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;

namespace Deconfliction.ClusterLoadTests.Sides;

/// <summary>
/// The plain way, with all that Orleans brings as it comes: its grain directory, its placement, JSON in storage. Its pool is of its own;
/// Npgsql prepares the provider's statements. In front of it the same transport over mutual TLS.
/// </summary>
internal sealed class PlainSide : ISide
{
    private const int PreparedStatements = 20;
    private readonly WebApplication _app;
    private readonly NpgsqlDataSource _storage;
    private readonly IGrainFactory _grains;

    private PlainSide(WebApplication app, NpgsqlDataSource storage) =>
        (_app, _storage, _grains) = (app, storage, app.Services.GetRequiredService<IGrainFactory>());

    /// <summary>Starts it.</summary>
    /// <param name="settings">Where and with what.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<PlainSide> StartAsync(PlainSettings settings, CancellationToken cancellationToken)
    {
        await new PostgresScript(settings.Connection, "plain side", NullLogger.Instance).ApplyAsync("orleans.sql", ReadScript(), cancellationToken);
        var storage = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder(settings.Connection)
        {
            MaxPoolSize = settings.PoolSize, MinPoolSize = settings.PoolSize, MaxAutoPrepare = PreparedStatements, NoResetOnClose = true, Enlist = false,
        }.ConnectionString).Build();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "plain" });
        builder.Logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Warning);
        builder.Host.UseOrleans(silo => ConfigureSilo(silo, settings, storage));
        builder.Services.AddSingleton<PlainClaimService>();
        builder.Services.AddRpc();
        var pki = new PkiFolder(settings.Pki, settings.Keys);
        var authority = pki.OpenAuthority(
            settings.Domain, new KeyRingFolder(settings.Keys).Load() ?? throw new InvalidOperationException($"There is no key ring in {settings.Keys}."),
            storeIsNew: false, TimeProvider.System);
        PlainIdentity.Write(authority, settings.IdentityFile);
        var trust = new TrustStore([new TrustedAuthority(authority.Domain, [authority.Certificate], [], IsBuiltIn: true)], TimeProvider.System);
        var certificates = new ServerCertificates(authority, ["localhost"], TimeProvider.System);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseRpcLimits();
            kestrel.Listen(new IPEndPoint(IPAddress.Loopback, settings.Port), listen => listen.UseGatewayTls(
                trust, certificates, kestrel.ApplicationServices.GetRequiredService<ILoggerFactory>().CreateLogger("tls")));
        });
        var app = builder.Build();
        app.MapRpcService<PlainClaimService>(Plain.V1.PlainClaimServiceReflection.Descriptor.Services[0]);
        await app.StartAsync(cancellationToken);
        return new PlainSide(app, storage);
    }

    public async Task ClaimAsync(long number, long round, CancellationToken cancellationToken)
    {
        var value = GeneratedValues.Sha256(number);
        var now = DateTimeOffset.UtcNow;
        var claim = new PlainClaim
        {
            Id = Guid.CreateVersion7(), Agency = "caller", Case = $"LOAD-{round}", RequestedBy = "officer-7", Value = value,
            CreatedAt = now, ExpiresAt = now.AddDays(180),
        };
        var answer = await _grains.GetGrain<IPlainIdentifierGrain>(value).ClaimAsync(claim, cancellationToken);
        if (answer.Claim.Id != claim.Id)
        {
            throw new InvalidOperationException("A claim was answered with another one, not as a new one.");
        }
    }

    public bool IsHere(long number) => true;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _storage.DisposeAsync();
    }

    private static void ConfigureSilo(ISiloBuilder silo, PlainSettings settings, NpgsqlDataSource storage)
    {
        silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = ("plain", "plain"));
        silo.ConfigureEndpoints(IPAddress.Loopback, settings.SiloPort, gatewayPort: 0);
        silo.UseAdoNetClustering(table => (table.Invariant, table.ConnectionString) = ("Npgsql", settings.Connection));
        silo.AddAdoNetGrainStorage(PlainIdentifierGrain.Storage, (AdoNetGrainStorageOptions options) =>
            (options.Invariant, options.DataSource) = ("Npgsql", storage));
    }

    private static string ReadScript()
    {
        using var script = typeof(PlainSide).Assembly.GetManifestResourceStream("orleans.sql")!;
        using var reader = new StreamReader(script);
        return reader.ReadToEnd();
    }
}
