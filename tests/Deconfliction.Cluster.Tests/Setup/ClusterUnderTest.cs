using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Deconfliction.Contract.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Npgsql;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests.Setup;

/// <summary>The cluster edition: silos as processes, on a database of their own; on loopback, or each in a network namespace.</summary>
public sealed class ClusterUnderTest : GridUnderTest
{
    private const int LinesOfASilo = 25;
    private const int Dead = 6; // Orleans' SiloStatus
    private const string StaleAppends = "deconfliction_ledger_append_stale_total";
    private readonly string _connection;
    private readonly SiloNetwork? _network;
    private readonly string[] _options;
    private ClusterFiles _files = null!;
    private ImmutableArray<SiloProcess> _silos = [];
    private int _named;

    private ClusterUnderTest(string connection, SiloNetwork? network, string[] options) => (_connection, _network, _options) = (connection, network, options);

    private Func<string, IReadOnlyDictionary<string, string>> Variables { get; init; } = static _ => new Dictionary<string, string>();

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
    public static Task<ClusterUnderTest> StartAsync(int silos, PostgresServer postgres, SiloNetwork? network = null, params string[] options) =>
        StartAsync(silos, postgres, static _ => new Dictionary<string, string>(), network, options);

    /// <summary>The same; of each silo, by its name, what its environment has beside the tests' own.</summary>
    public static async Task<ClusterUnderTest> StartAsync(
        int silos, PostgresServer postgres, Func<string, IReadOnlyDictionary<string, string>> variables, SiloNetwork? network = null, params string[] options)
    {
        var connection = await postgres.CreateDatabaseAsync();
        if (network is not null)
        {
            connection = new NpgsqlConnectionStringBuilder(connection) { Host = network.StoreAddress }.ConnectionString;
        }

        var cluster = new ClusterUnderTest(connection, network, options) { Variables = variables };
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

    /// <summary>The silos that are active as the first that runs sees them, with their identifiers' grains.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ActiveAsync()
    {
        using var page = JsonDocument.Parse(await Running[0].ReadOpsAsync("/cluster"));
        return page.RootElement.GetProperty("silos").EnumerateArray()
            .Where(static silo => silo.GetProperty("status").GetString() == "Active")
            .ToDictionary(
                static silo => silo.GetProperty("name").GetString()!,
                static silo => silo.TryGetProperty("identifier_grains", out var grains) ? grains.GetInt32() : 0);
    }

    /// <summary>Whether the cluster's table holds a silo's last start for dead.</summary>
    public async Task<bool> IsDeclaredDeadAsync(SiloProcess silo)
    {
        ArgumentNullException.ThrowIfNull(silo);
        await using var source = NpgsqlDataSource.Create(_connection + ";Pooling=false");
        await using var command = source.CreateCommand("SELECT status FROM OrleansMembership WHERE port = $1 ORDER BY generation DESC LIMIT 1");
        command.Parameters.AddWithValue(silo.SiloPort);
        return await command.ExecuteScalarAsync() is Dead;
    }

    /// <summary>
    /// How many appends the ledger's fence has refused to each silo that runs: each was decided by one that did not know that another had written to
    /// the same identifier.
    /// </summary>
    public async Task<IReadOnlyDictionary<SiloProcess, long>> CountRefusedAsync()
    {
        var counts = new Dictionary<SiloProcess, long>();
        foreach (var silo in Running)
        {
            counts[silo] = (await silo.ReadOpsAsync("/metrics")).Split('\n')
                .Where(static line => line.StartsWith(StaleAppends, StringComparison.Ordinal))
                .Sum(static line => (long)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
        }

        return counts;
    }

    /// <summary>Prints the last lines of what each silo said, for who looks into a failure.</summary>
    public void Say(ITestOutputHelper output)
    {
        foreach (var silo in _silos)
        {
            output.WriteLine($"--- {silo.Name} ({silo.Url}) {(silo.IsRunning ? "runs" : "does not run")}; the last that it said:");
            output.WriteLine(string.Join('\n', silo.Log.Split('\n').TakeLast(LinesOfASilo).Select(static line => line.Length > 300 ? line[..300] + "…" : line)));
        }
    }

    /// <summary>Runs a test's steps; where they fail, what the silos said last is printed.</summary>
    public async Task TryAsync(ITestOutputHelper output, Func<Task> steps)
    {
        try
        {
            await steps();
        }
        catch
        {
            Say(output);
            throw;
        }
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
        var silo = new SiloProcess(name, _files, _connection, _network is null ? null : await _network.AddAsync(), _options) { Variables = Variables(name) };
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
