using Deconfliction.Contract.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Deconfliction.EndToEnd.Tests;

/// <summary>The solo edition: one server process on a store of its own.</summary>
public sealed class SoloUnderTest : GridUnderTest
{
    private readonly ServerProcess _server;
    private readonly string? _connection;

    private SoloUnderTest(string? connection, string[] options)
    {
        _connection = connection;
        _server = new ServerProcess(Folder.Path, connection, options);
        Nodes = [_server];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<NodeProcess> Nodes { get; }

    /// <inheritdoc/>
    public override string OperatorFile => _server.OperatorFile;

    /// <inheritdoc/>
    public override string AuthorityFile => _server.AuthorityFile;

    /// <summary>Starts one on a fresh database of a PostgreSQL, or on SQLite where there is none.</summary>
    public static async Task<GridUnderTest> StartOnAsync(PostgresServer? postgres, string[] options)
    {
        var grid = new SoloUnderTest(postgres is null ? null : await postgres.CreateDatabaseAsync(), options);
        try
        {
            await grid.StartNodesAsync();
            return grid;
        }
        catch
        {
            await grid.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async Task<long> CountAsync(string table)
    {
        if (_connection is not null)
        {
            await using var source = NpgsqlDataSource.Create(_connection);
            await using var command = source.CreateCommand($"SELECT count(*) FROM {table}");
            return (long)(await command.ExecuteScalarAsync())!;
        }

        var file = Directory.GetFiles(Path.Combine(_server.Data, "store"), "*.db").Single();
        await using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        await using var query = connection.CreateCommand();
        query.CommandText = $"SELECT count(*) FROM {table}";
        return (long)(await query.ExecuteScalarAsync())!;
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Files() => Directory.GetFiles(_server.Data, "*", SearchOption.AllDirectories);
}

/// <summary>Solo on the embedded database.</summary>
public sealed class OnSqlite : IEdition
{
    private OnSqlite()
    {
    }

    /// <inheritdoc/>
    public static Task<GridUnderTest> StartAsync(params string[] options) => SoloUnderTest.StartOnAsync(postgres: null, options);
}

/// <summary>Solo on a PostgreSQL of the tests' own.</summary>
public sealed class OnPostgres : IPostgresEdition
{
    private OnPostgres()
    {
    }

    /// <inheritdoc/>
    public static async Task<GridUnderTest> StartAsync(params string[] options) =>
        await SoloUnderTest.StartOnAsync(await PostgresServer.CommonAsync(), options);

    /// <inheritdoc/>
    public static Task<GridUnderTest> StartOnAsync(PostgresServer postgres, params string[] options) => SoloUnderTest.StartOnAsync(postgres, options);
}
