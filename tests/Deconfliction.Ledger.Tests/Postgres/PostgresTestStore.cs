using Deconfliction.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Deconfliction.Ledger.Tests.Postgres;

/// <summary>A database of its own on the tests' server.</summary>
public sealed class PostgresTestStore : TestStore
{
    private PostgresTestStore(string connectionString) => ConnectionString = connectionString;

    /// <summary>How to reach it.</summary>
    public string ConnectionString { get; }

    /// <summary>Makes one; on the common server where none is given.</summary>
    public static async Task<PostgresTestStore> CreateAsync(PostgresServer? server = null) =>
        new(await (server ?? await PostgresServer.CommonAsync()).CreateDatabaseAsync());

    /// <inheritdoc/>
    public override Task<ILedger> OpenAsync(LedgerOptions options) =>
        LedgerFactory.OpenPostgresAsync(ConnectionString, options, NullLoggerFactory.Instance, CancellationToken.None);

    /// <inheritdoc/>
    public override async Task ExecuteAsync(string sql) => await ReadAsync(sql);

    /// <summary>Runs SQL behind the ledger's back; answers the first value of the first row.</summary>
    public async Task<object?> ReadAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>The database goes with its server.</summary>
    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
