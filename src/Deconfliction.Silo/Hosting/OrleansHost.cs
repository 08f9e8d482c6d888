using System.Data.Common;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Server.Hosting;
using Deconfliction.Silo.Budgets;
using Deconfliction.Silo.Clustering;
using Deconfliction.Silo.Identity;
using Deconfliction.Silo.Notices;
using Deconfliction.Silo.Panels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Connections.Security;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Runtime.GrainDirectory;
using Orleans.Runtime.Hosting;
using Orleans.Serialization;
using Orleans.Storage;
using SiloOptions = Deconfliction.Silo.Options.SiloOptions;

namespace Deconfliction.Silo.Hosting;

/// <summary>Puts Orleans together: who this silo is, whom it believes, how the dead are found, and where Orleans keeps what.</summary>
internal static class OrleansHost
{
    /// <summary>Name of the storage of snapshots.</summary>
    public const string SnapshotStorage = "snapshots";

    /// <summary>Under which Orleans keeps what it keeps.</summary>
    public const string ServiceId = "deconfliction";

    private const string Invariant = "Npgsql";

    /// <summary>A host that is not started yet.</summary>
    public static IHost Build(SiloOptions options, SiloIdentity identity, OrleansPools pools, SiloParts parts, ILoggerFactory logging)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ApplicationName = "deconfliction-silo" });
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(cluster => (cluster.ClusterId, cluster.ServiceId) = (options.ClusterId, ServiceId));
            silo.Configure<Orleans.Configuration.SiloOptions>(named => named.SiloName = options.Name);
            silo.Configure<EndpointOptions>(endpoint =>
            {
                endpoint.AdvertisedIPAddress = options.EndPoint.Address;
                endpoint.SiloPort = options.EndPoint.Port;
                endpoint.GatewayPort = 0; // Orleans' clients are not served: agencies come by gRPC.
            });
            silo.Configure<ClusterMembershipOptions>(FailureDetection.Configure);
            silo.Configure<SiloConnectionOptions>(UnansweredConnections.Configure);
            silo.UseAdoNetClustering(table => (table.Invariant, table.DataSource) = (Invariant, pools.Membership));
            silo.UseAdoNetReminderService(table => (table.Invariant, table.DataSource) = (Invariant, pools.Reminders));
            UseSnapshots(silo, pools.Snapshots);
            UseSiloTls(silo, identity, logging.CreateLogger("Deconfliction.Silo.Identity"));
        });
        AddServices(builder.Services, options, identity, parts, logging);
        return builder.Build();
    }

    /// <summary>Where snapshots are kept. In Orleans' own binary format: the default would make text of their bytes.</summary>
    public static void UseSnapshots(ISiloBuilder silo, DbDataSource source) => silo.AddAdoNetGrainStorage(
        SnapshotStorage,
        storage => storage.Configure<Serializer>((options, serializer) =>
        {
            (options.Invariant, options.DataSource, options.DeleteStateOnClear) = (Invariant, source, true);
            options.GrainStorageSerializer = new OrleansGrainStorageSerializer(serializer);
        }));

    /// <summary>What grains and silos need of this process; also for tests, which have their own membership.</summary>
    public static void AddParts(IServiceCollection services, SiloParts parts, string endpoint)
    {
        services.AddSingleton(parts).AddSingleton(parts.Context).AddSingleton(parts.Context.Time).AddSingleton(parts.Context.Ledger);
        services.AddSingleton(parts.Identifiers).AddSingleton(parts.Residents).AddSingleton(parts.Sweeps);
        services.AddSingleton<Reach>().AddSingleton<OwnerDirectory>().AddSingleton<DepartedSilos>().AddSingleton<StoreState>().AddSingleton<BudgetBeginnings>();
        services.AddSingleton<IGrainDirectoryCache>(static provider => provider.GetRequiredService<OwnerDirectory>());
        services.AddGrainDirectory(OwnerDirectory.Name, static (provider, _) => provider.GetRequiredService<OwnerDirectory>());
        services.AddHostedService<OwnershipWatch>();
        services.AddGrainService<SiloNotices>();
        services.AddSingleton<NoticeBoard>().AddSingleton<LocalPanel>();
        services.AddSingleton(provider => new SiloReporter(endpoint, parts.Residents, provider.GetRequiredService<StoreState>()));
    }

    private static void AddServices(IServiceCollection services, SiloOptions options, SiloIdentity identity, SiloParts parts, ILoggerFactory logging)
    {
        services.AddSingleton(logging);
        AddParts(services, parts, SiloReporter.EndpointOf(options));
        services.AddHostedService<SweepPlacement>().AddHostedService<ReachWatch>();
        services.AddHostedService(provider => new StoreWatch(
            new LedgerGatewayStore(parts.Context.Ledger), provider.GetRequiredService<NoticeBoard>().ReportsOfOthersAsync,
            provider.GetRequiredService<StoreState>(), provider.GetRequiredService<DeclaredDead>().End, parts.Context.Time,
            logging.CreateLogger<StoreWatch>()));
        services.AddHostedService(_ => new IdentityWatch(
            identity, TimeSpan.FromDays(options.Server.CertificateNoticeDays), parts.Context.Time, logging.CreateLogger<IdentityWatch>()));
        services.AddSingleton<MembershipRecord>().AddHostedService(static provider => provider.GetRequiredService<MembershipRecord>());
        services.AddSingleton<DeclaredDead>().AddSingleton<IFatalErrorHandler>(static provider => provider.GetRequiredService<DeclaredDead>());
        // The process's own host listens to signals, and stops this one in its turn.
        services.AddSingleton<IHostLifetime, NoSignals>();
    }

    private static void UseSiloTls(ISiloBuilder silo, SiloIdentity identity, ILogger log) => silo.UseTls(tls =>
    {
        tls.LocalCertificate = identity.Certificate;
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (certificate, _, _) => Admit(identity, certificate, log);
        tls.OnAuthenticateAsServer = (_, server) =>
        {
            var options = (SslServerAuthenticationOptions)server.SslServerAuthenticationOptions;
            options.CertificateChainPolicy = identity.NewPolicy();
            // A resumed session would not be asked for its certificate again.
            options.AllowTlsResume = false;
        };
        tls.OnAuthenticateAsClient = (_, client) =>
        {
            var options = (SslClientAuthenticationOptions)client.SslClientAuthenticationOptions;
            options.TargetHost = "silo";
            options.CertificateChainPolicy = identity.NewPolicy();
            options.AllowTlsResume = false;
        };
    });

    private static bool Admit(SiloIdentity identity, X509Certificate2 certificate, ILogger log)
    {
        if (identity.Verify(certificate) is not null)
        {
            return true;
        }

        SiloLog.SiloRefused(log, "not a silo's certificate of this cluster's authority", certificate.SerialNumber);
        return false;
    }

    private sealed class NoSignals : IHostLifetime
    {
        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
