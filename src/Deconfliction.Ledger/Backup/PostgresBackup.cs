using System.Data;
using System.Runtime.CompilerServices;
using Deconfliction.Ledger.Migrations;
using Deconfliction.Ledger.Postgres;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;

namespace Deconfliction.Ledger.Backup;

/// <summary>A PostgreSQL database in one REPEATABLE READ, READ ONLY transaction.</summary>
internal sealed class PostgresBackupSource : IBackupSource
{
    private readonly PostgresDatabase _database;
    private readonly NpgsqlConnection _connection;

    private PostgresBackupSource(PostgresDatabase database, NpgsqlConnection connection, DateTimeOffset takenAt, int schemaVersion)
    {
        _database = database;
        _connection = connection;
        TakenAt = takenAt;
        SchemaVersion = schemaVersion;
    }

    /// <inheritdoc/>
    public DateTimeOffset TakenAt { get; }

    /// <inheritdoc/>
    public int SchemaVersion { get; }

    /// <summary>Opens the snapshot. The store's lock is not taken: its holders may be at work.</summary>
    public static async Task<PostgresBackupSource> OpenAsync(
        string connectionString, LedgerOptions options, CancellationToken cancellationToken)
    {
        var database = new PostgresDatabase(connectionString, options);
        NpgsqlConnection? connection = null;
        try
        {
            connection = await database.Records.OpenConnectionAsync(cancellationToken);
            await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await PostgresQuery.Of(_ => "SET TRANSACTION READ ONLY").RunAsync(connection, cancellationToken);
            if (await PostgresQuery.Of(_ => "SELECT to_regclass('schema_migration') IS NULL")
                .FirstAsync(connection, row => row.GetBoolean(0), cancellationToken))
            {
                throw new SchemaMismatchException("The database holds no ledger. Check the connection string.");
            }

            var takenAt = await PostgresQuery.Of(_ => PostgresStatements.Now)
                .FirstAsync(connection, row => PostgresRows.Time(row, 0), cancellationToken);
            var applied = await PostgresQuery.Of(_ => "SELECT number, name, checksum FROM schema_migration ORDER BY number")
                .ToListAsync(connection, row => new AppliedMigration(row.GetInt32(0), row.GetString(1), row.GetString(2)), cancellationToken);
            var catalog = MigrationCatalog.Embedded("Postgres");
            BackupSchema.Confirm(catalog, applied);
            await PostgresBackup.LockAsync(connection, "ACCESS SHARE", database, options, cancellationToken);
            return new PostgresBackupSource(database, connection, takenAt, catalog.Newest);
        }
        catch (Exception problem)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            await database.DisposeAsync();
            PostgresBackup.ThrowTranslated(problem, cancellationToken);
            throw;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<object?[]> ReadAsync(BackupTable table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // Rows come as the server sends them; the driver holds one at a time.
        await using var command = new NpgsqlCommand($"SELECT {table.Names} FROM {table.Name}", _connection) { CommandTimeout = 0 };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var row = new object?[table.Columns.Count];
        while (await reader.ReadAsync(cancellationToken))
        {
            for (var i = 0; i < row.Length; i++)
            {
                row[i] = reader.IsDBNull(i) ? null : Value(reader, i, table.Columns[i].Kind);
            }

            yield return row;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _connection.DisposeAsync();
        await _database.DisposeAsync();
    }

    private static object Value(NpgsqlDataReader row, int at, BackupKind kind) => kind switch
    {
        BackupKind.Id => row.GetGuid(at),
        BackupKind.Bytes => PostgresRows.Bytes(row, at),
        BackupKind.Text => row.GetString(at),
        BackupKind.Flag => row.GetBoolean(at),
        BackupKind.Time => Auditing.AuditChain.ToMicroseconds(PostgresRows.Time(row, at)),
        BackupKind.Small => (long)row.GetInt16(at),
        BackupKind.Int => (long)row.GetInt32(at),
        _ => row.GetInt64(at),
    };
}

/// <summary>A new PostgreSQL database, held alone, in one transaction.</summary>
internal sealed class PostgresBackupTarget : IBackupTarget
{
    private readonly PostgresDatabase _database;
    private readonly PostgresStoreLock _lock;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private PostgresBackupTarget(
        PostgresDatabase database, PostgresStoreLock storeLock, NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        _database = database;
        _lock = storeLock;
        _connection = connection;
        _transaction = transaction;
    }

    /// <summary>Opens it: lock, schema.</summary>
    public static async Task<PostgresBackupTarget> OpenAsync(
        string connectionString, LedgerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger("Deconfliction.Ledger.Postgres");
        var database = new PostgresDatabase(connectionString, options);
        PostgresStoreLock? storeLock = null;
        NpgsqlConnection? connection = null;
        try
        {
            storeLock = await PostgresStoreLock.TakeAsync(connectionString, options, logger, cancellationToken);
            await PostgresMigrator.MigrateAsync(
                new PostgresScript(connectionString, options.Holder, logger), MigrationCatalog.Embedded("Postgres"), cancellationToken);
            connection = await database.Records.OpenConnectionAsync(cancellationToken);
            var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await PostgresBackup.LockAsync(connection, "ROW EXCLUSIVE", database, options, cancellationToken);
            return new PostgresBackupTarget(database, storeLock, connection, transaction);
        }
        catch (Exception problem)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            await database.DisposeAsync();
            if (storeLock is not null)
            {
                await storeLock.DisposeAsync();
            }

            PostgresBackup.ThrowTranslated(problem, cancellationToken);
            throw;
        }
    }

    /// <inheritdoc/>
    public Task<bool> IsEmptyAsync(BackupTable table, CancellationToken cancellationToken) =>
        PostgresQuery.Of(_ => $"SELECT NOT EXISTS (SELECT FROM {table.Name})")
            .FirstAsync(_connection, row => row.GetBoolean(0), cancellationToken);

    /// <inheritdoc/>
    public async Task WriteAsync(BackupTable table, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        try
        {
            await using var import = await _connection.BeginBinaryImportAsync(
                $"COPY {table.Name} ({table.Names}) FROM STDIN (FORMAT BINARY)", cancellationToken);
            import.Timeout = Timeout.InfiniteTimeSpan;
            await foreach (var row in rows.WithCancellation(cancellationToken))
            {
                await import.StartRowAsync(cancellationToken);
                for (var i = 0; i < row.Length; i++)
                {
                    await WriteAsync(import, row[i], table.Columns[i].Kind, cancellationToken);
                }
            }

            await import.CompleteAsync(cancellationToken);
        }
        catch (Exception problem)
        {
            PostgresBackup.ThrowTranslated(problem, cancellationToken);
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _transaction.CommitAsync(cancellationToken);
        }
        catch (Exception problem) when (PostgresErrors.Translate(problem, commitSent: true, cancellationToken) is not null)
        {
            throw PostgresErrors.Translate(problem, commitSent: true, cancellationToken)!;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await _connection.DisposeAsync();
        await _database.DisposeAsync();
        await _lock.DisposeAsync();
    }

    private static Task WriteAsync(NpgsqlBinaryImporter import, object? value, BackupKind kind, CancellationToken cancellationToken) =>
        (kind, value) switch
        {
            (_, null) => import.WriteNullAsync(cancellationToken),
            (BackupKind.Id, Guid id) => import.WriteAsync(id, NpgsqlDbType.Uuid, cancellationToken),
            (BackupKind.Bytes, byte[] bytes) => import.WriteAsync(bytes, NpgsqlDbType.Bytea, cancellationToken),
            (BackupKind.Text, string text) => import.WriteAsync(text, NpgsqlDbType.Text, cancellationToken),
            (BackupKind.Flag, bool flag) => import.WriteAsync(flag, NpgsqlDbType.Boolean, cancellationToken),
            (BackupKind.Long, long number) => import.WriteAsync(number, NpgsqlDbType.Bigint, cancellationToken),
            (BackupKind.Int, long number) => import.WriteAsync(checked((int)number), NpgsqlDbType.Integer, cancellationToken),
            (BackupKind.Small, long number) => import.WriteAsync(checked((short)number), NpgsqlDbType.Smallint, cancellationToken),
            (BackupKind.Time, long time) => import.WriteAsync(
                new DateTime(time * TimeSpan.TicksPerMicrosecond, DateTimeKind.Utc), NpgsqlDbType.TimestampTz, cancellationToken),
            _ => throw new InvalidOperationException($"A backup holds no {value.GetType().Name} as {kind}."),
        };
}

/// <summary>What the driver's failures mean to who takes or restores a backup.</summary>
internal static class PostgresBackup
{
    /// <summary>Takes the tables' locks at once, and does not wait for each in the midst of the rows for as long as another session likes.</summary>
    /// <exception cref="LedgerUnavailableException">Another session keeps one; says which.</exception>
    public static async Task LockAsync(
        NpgsqlConnection connection, string mode, PostgresDatabase database, LedgerOptions options, CancellationToken cancellationToken)
    {
        var tables = BackupTable.All.Select(static table => table.Name);
        await using var command = new NpgsqlCommand(
            $"SET LOCAL lock_timeout = {(long)options.CommandTimeout.TotalMilliseconds}; LOCK TABLE {string.Join(", ", tables)} IN {mode} MODE", connection)
        {
            CommandTimeout = 0,
        };
        try
        {
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            await using var other = await database.Records.OpenConnectionAsync(cancellationToken);
            var (name, remedy) = await AdvisoryLock.ReadHolderAsync(other, tables, mode == "ACCESS SHARE", cancellationToken) is { } holder
                ? (holder.Name, $"End what it does there, or its session (SELECT pg_terminate_backend({holder.ServerProcess})), then start this again.")
                : ("another session, which has ended since", "Start this again.");
            throw new LedgerUnavailableException($"Tables of the store are kept locked by {name}, and nothing was done. {remedy}", problem);
        }
    }

    public static void ThrowTranslated(Exception problem, CancellationToken cancellationToken)
    {
        if (PostgresErrors.Translate(problem, commitSent: false, cancellationToken) is { } meaning)
        {
            throw meaning;
        }
    }
}
