using Deconfliction.Ledger.Migrations;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>Brings a database's schema up to date in one transaction, under a lock, so that nodes that start together do it once.</summary>
internal static class PostgresMigrator
{
    /// <summary>What others are told that it is at.</summary>
    public const string Name = "the ledger's migrations";

    /// <summary>Applies what is missing.</summary>
    /// <exception cref="SchemaMismatchException">The database is newer than this program, or is not a ledger's.</exception>
    /// <exception cref="LedgerUnavailableException">As of <see cref="PostgresScript"/>, or the database is not as the ledger needs it.</exception>
    public static Task MigrateAsync(PostgresScript steps, MigrationCatalog catalog, CancellationToken cancellationToken) =>
        steps.RunAsync(Name, (connection, token) => MigrateAsync(connection, catalog, token), cancellationToken);

    private static async Task MigrateAsync(NpgsqlConnection connection, MigrationCatalog catalog, CancellationToken cancellationToken)
    {
        await PostgresRequirements.CheckAsync(connection, cancellationToken);
        await ExecuteAsync(
            connection,
            "CREATE TABLE IF NOT EXISTS schema_migration (number integer NOT NULL PRIMARY KEY, name text NOT NULL, "
            + "checksum text NOT NULL, applied_at timestamptz NOT NULL DEFAULT clock_timestamp())",
            cancellationToken);
        foreach (var step in catalog.Pending(await ReadAppliedAsync(connection, cancellationToken)))
        {
            await ApplyAsync(connection, step, cancellationToken);
        }
    }

    private static async Task<List<AppliedMigration>> ReadAppliedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var applied = new List<AppliedMigration>();
        await using var command = new NpgsqlCommand("SELECT number, name, checksum FROM schema_migration ORDER BY number", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            applied.Add(new AppliedMigration(reader.GetInt32(0), reader.GetString(1), reader.GetString(2)));
        }

        return applied;
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, Migration step, CancellationToken cancellationToken)
    {
        try
        {
            await ExecuteAsync(connection, step.Sql, cancellationToken);
        }
        catch (PostgresException clash) when (clash.SqlState is PostgresErrorCodes.DuplicateTable)
        {
            throw new SchemaMismatchException(
                $"Migration {step.Number} ({step.Name}) cannot be applied: {clash.MessageText}. The database holds tables of another program; "
                + "give the ledger a database of its own.");
        }

        await using var note = new NpgsqlCommand("INSERT INTO schema_migration (number, name, checksum) VALUES ($1, $2, $3)", connection)
        {
            Parameters = { new() { Value = step.Number }, new() { Value = step.Name }, new() { Value = step.Checksum } },
        };
        await note.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        // A big store's new index may take long; who starts a node waits for it.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
