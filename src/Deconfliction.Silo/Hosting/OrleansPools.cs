using Npgsql;

namespace Deconfliction.Silo.Hosting;

/// <summary>
/// Orleans' ways to its tables: a small pool each, apart from the ledger's, so that load on the ledger cannot starve a heartbeat, nor
/// snapshots the membership.
/// </summary>
internal sealed class OrleansPools(string connectionString) : IAsyncDisposable
{
    private const int Connections = 2;
    private const int SnapshotConnections = 4;

    /// <summary>For membership.</summary>
    public NpgsqlDataSource Membership { get; } = Pool(connectionString, "membership", Connections);

    /// <summary>For reminders.</summary>
    public NpgsqlDataSource Reminders { get; } = Pool(connectionString, "reminders", Connections);

    /// <summary>For snapshots.</summary>
    public NpgsqlDataSource Snapshots { get; } = Pool(connectionString, "snapshots", SnapshotConnections);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Membership.DisposeAsync();
        await Reminders.DisposeAsync();
        await Snapshots.DisposeAsync();
    }

    private static NpgsqlDataSource Pool(string connectionString, string name, int connections)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = true,
            MinPoolSize = 1,
            MaxPoolSize = connections,
            Enlist = false,
            // A heartbeat that does not come through in time is worth less than the next one.
            Timeout = 5,
            CommandTimeout = 5,
            Timezone = "UTC",
            ApplicationName = $"deconfliction {name}",
        };
        return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }.Build();
    }
}
