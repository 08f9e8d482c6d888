using Deconfliction.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Storage;

namespace Deconfliction.Silo.Tests.Sql;

/// <summary>Orleans' own providers on a database, as a silo's services make them; the silo itself is not started.</summary>
internal sealed class OrleansProviders : IDisposable
{
    /// <summary>The cluster's and the service's id.</summary>
    public const string Cluster = "cluster-of-the-tests";

    private readonly IHost _host;
    private readonly NpgsqlDataSource _source;

    private OrleansProviders(IHost host, NpgsqlDataSource source) => (_host, _source) = (host, source);

    /// <summary>Membership.</summary>
    public IMembershipTable Membership => _host.Services.GetRequiredService<IMembershipTable>();

    /// <summary>Reminders.</summary>
    public IReminderTable Reminders => _host.Services.GetRequiredService<IReminderTable>();

    /// <summary>Storage that keeps a cleared grain's row.</summary>
    public IGrainStorage Storage => _host.Services.GetRequiredKeyedService<IGrainStorage>("keeping");

    /// <summary>Storage that deletes a cleared grain's row.</summary>
    public IGrainStorage DeletingStorage => _host.Services.GetRequiredKeyedService<IGrainStorage>("deleting");

    /// <summary>The silo's own storage of snapshots.</summary>
    public IGrainStorage Snapshots => _host.Services.GetRequiredKeyedService<IGrainStorage>(OrleansHost.SnapshotStorage);

    /// <summary>Makes them and lets each read its queries.</summary>
    public static async Task<OrleansProviders> StartAsync(string connectionString, string cluster = Cluster)
    {
        var source = NpgsqlDataSource.Create(connectionString);
        var host = new HostBuilder().UseOrleans(silo => OrleansHost.UseSnapshots(Configure(silo, connectionString, cluster), source)).Build();
        var providers = new OrleansProviders(host, source);
        await providers.Membership.InitializeMembershipTableAsync(tryInitTableVersion: true, CancellationToken.None);
        await providers.Reminders.StartAsync();
        await InitializeAsync(providers.Storage);
        await InitializeAsync(providers.DeletingStorage);
        await InitializeAsync(providers.Snapshots);
        return providers;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _host.Dispose();
        _source.Dispose();
    }

    private static ISiloBuilder Configure(ISiloBuilder silo, string connectionString, string cluster) => silo
        .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, cluster))
        .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = ("Npgsql", connectionString))
        .UseAdoNetReminderService(options => (options.Invariant, options.ConnectionString) = ("Npgsql", connectionString))
        .AddAdoNetGrainStorage("keeping", options => (options.Invariant, options.ConnectionString) = ("Npgsql", connectionString))
        .AddAdoNetGrainStorage(
            "deleting",
            options => (options.Invariant, options.ConnectionString, options.DeleteStateOnClear) = ("Npgsql", connectionString, true));

    private static async Task InitializeAsync(IGrainStorage storage)
    {
        var start = new StartOfLifecycle();
        ((ILifecycleParticipant<ISiloLifecycle>)storage).Participate(start);
        await start.RunAsync();
    }

    /// <summary>Runs what a provider does at a silo's start.</summary>
    private sealed class StartOfLifecycle : ISiloLifecycle
    {
        private readonly List<ILifecycleObserver> _observers = [];

        public int HighestCompletedStage => ServiceLifecycleStage.First;

        public int LowestStoppedStage => ServiceLifecycleStage.Last;

        public IDisposable Subscribe(string observerName, int stage, ILifecycleObserver observer)
        {
            _observers.Add(observer);
            return new MemoryStream();
        }

        public async Task RunAsync()
        {
            foreach (var observer in _observers)
            {
                await observer.OnStart(CancellationToken.None);
            }
        }
    }
}
