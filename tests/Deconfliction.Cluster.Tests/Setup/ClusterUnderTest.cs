using System.Collections.Immutable;
using Deconfliction.Contract.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Npgsql;

namespace Deconfliction.Cluster.Tests.Setup;

/// <summary>The cluster edition: silos as processes, on a database of their own; on loopback, or each in a network namespace.</summary>
public sealed class ClusterUnderTest : GridUnderTest
{
    private readonly string _connection;
    private readonly SiloNetwork? _network;
    private readonly string[] _options;
    private ClusterFiles _files = null!;
    private ImmutableArray<SiloProcess> _silos = [];
    private int _named;

    private ClusterUnderTest(string connection, SiloNetwork? network, string[] options) => (_connection, _network, _options) = (connection, network, options);

    /// <inheritdoc/>
    public override IReadOnlyList<NodeProcess> Nodes => _silos;

    /// <summary>All silos that there ever were.</summary>
    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>Those whose process is there.</summary>
    public IReadOnlyList<SiloProcess> Running => [.. _silos.Where(silo => silo.IsRunning)];

    /// <inheritdoc/>
    public override string OperatorFile => _files.OperatorFile;

    /// <inheritdoc/>
    public override string AuthorityFile => _files.AuthorityFile;

    /// <summary>The database, for tests that look beneath.</summary>
    public string Connection => _connection;

    /// <summary>Identities of silos and what else they share.</summary>
    public ClusterFiles Shared => _files;

    /// <summary>Starts so many silos, and waits until all are ready.</summary>
    public static async Task<ClusterUnderTest> StartAsync(int silos, PostgresServer postgres, SiloNetwork? network = null, params string[] options)
    {
        var connection = await postgres.CreateDatabaseAsync();
        if (network is not null)
        {
            connection = new NpgsqlConnectionStringBuilder(connection) { Host = network.StoreAddress }.ConnectionString;
        }

        var cluster = new ClusterUnderTest(connection, network, options);
        try
        {
            cluster._files = await ClusterFiles.CreateAsync(cluster.Folder.Path);
            for (var number = 0; number < silos; number++)
            {
                await cluster.PrepareAsync();
            }

            await cluster.StartNodesAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more silo, and waits until it is ready.</summary>
    public async Task<SiloProcess> AddAsync()
    {
        var silo = await PrepareAsync();
        await silo.StartAsync();
        return silo;
    }

    /// <summary>Starts again every silo whose process has ended.</summary>
    public Task RestartEndedAsync() => Task.WhenAll(_silos.Where(silo => !silo.IsRunning).Select(silo => silo.StartAsync()));

    /// <inheritdoc/>
    public override async Task<long> CountAsync(string table)
    {
        await using var source = NpgsqlDataSource.Create(_connection + ";Pooling=false");
        await using var command = source.CreateCommand($"SELECT count(*) FROM {table}");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files() => [.. _silos.SelectMany(silo => Directory.GetFiles(silo.Data, "*", SearchOption.AllDirectories))];

    private async Task<SiloProcess> PrepareAsync()
    {
        var name = $"silo-{++_named}";
        await _files.AddAsync(name);
        var silo = new SiloProcess(name, _files, _connection, _network is null ? null : await _network.AddAsync(), _options);
        _silos = _silos.Add(silo);
        return silo;
    }
}

/// <summary>A cluster of three.</summary>
public sealed class OnThreeSilos : IPostgresEdition
{
    private OnThreeSilos()
    {
    }

    /// <inheritdoc/>
    public static async Task<GridUnderTest> StartAsync(params string[] options) => await StartOnAsync(await PostgresServer.CommonAsync(), options);

    /// <inheritdoc/>
    public static async Task<GridUnderTest> StartOnAsync(PostgresServer postgres, params string[] options) =>
        await ClusterUnderTest.StartAsync(3, postgres, network: null, options);
}
