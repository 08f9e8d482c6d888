using System.Runtime.CompilerServices;
using Deconfliction.Ledger.Migrations;
using Deconfliction.Ledger.Sqlite;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Deconfliction.Ledger.Backup;

/// <summary>The embedded store in one read transaction, which its writer is not held up by (WAL).</summary>
internal sealed class SqliteBackupSource : IBackupSource
{
    private readonly SqliteSession _session;

    private SqliteBackupSource(SqliteSession session, DateTimeOffset takenAt, int schemaVersion)
    {
        _session = session;
        TakenAt = takenAt;
        SchemaVersion = schemaVersion;
    }

    /// <inheritdoc/>
    public DateTimeOffset TakenAt { get; }

    /// <inheritdoc/>
    public int SchemaVersion { get; }

    /// <summary>Opens the snapshot. The store's lock is not taken: its holder may be at work.</summary>
    public static SqliteBackupSource Open(string path, LedgerOptions options)
    {
        Batteries_V2.Init();
        if (!File.Exists(path))
        {
            throw new LedgerUnavailableException($"There is no store at {path}.");
        }

        SqliteSession? session = null;
        try
        {
            session = SqliteSession.OpenReader(Path.GetFullPath(path), options.ConnectTimeout);
            session.BeginRead();
            var applied = session.Prepare("SELECT number, name, checksum FROM schema_migration ORDER BY number")
                .ToList(static row => new AppliedMigration(row.Int(), row.Text(), row.Text()));
            var catalog = MigrationCatalog.Embedded("Sqlite");
            BackupSchema.Confirm(catalog, applied);
            return new SqliteBackupSource(session, options.Time.GetUtcNow(), catalog.Newest);
        }
        catch (Exception problem)
        {
            session?.Dispose();
            if (problem is SqliteException refusal)
            {
                throw SqliteProblems.Unavailable(refusal);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<object?[]> ReadAsync(BackupTable table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.CompletedTask;
        var statement = _session.Prepare($"SELECT {table.Names} FROM {table.Name}");
        try
        {
            var row = new object?[table.Columns.Count];
            while (statement.Step())
            {
                cancellationToken.ThrowIfCancellationRequested();
                for (var i = 0; i < row.Length; i++)
                {
                    row[i] = Value(statement, table.Columns[i].Kind);
                }

                yield return row;
            }
        }
        finally
        {
            statement.Reset();
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _session.Rollback();
        _session.Dispose();
        return ValueTask.CompletedTask;
    }

    private static object? Value(SqliteStatement row, BackupKind kind)
    {
        if (row.IsNull)
        {
            row.Skip(1);
            return null;
        }

        return kind switch
        {
            BackupKind.Id => row.Id(),
            BackupKind.Bytes => row.Bytes().ToArray(),
            BackupKind.Text => row.Text(),
            BackupKind.Flag => row.Bool(),
            _ => row.Long(),
        };
    }
}

/// <summary>A new embedded store, held alone, in one write transaction.</summary>
internal sealed class SqliteBackupTarget : IBackupTarget
{
    private readonly SqliteStoreLock _lock;
    private readonly SqliteSession _session;

    private SqliteBackupTarget(SqliteStoreLock storeLock, SqliteSession session)
    {
        _lock = storeLock;
        _session = session;
    }

    /// <summary>Opens it: folder, lock, schema.</summary>
    public static SqliteBackupTarget Open(string path, LedgerOptions options)
    {
        Batteries_V2.Init();
        path = Path.GetFullPath(path);
        SqliteStoreLock? storeLock = null;
        SqliteSession? session = null;
        try
        {
            SqliteStoreFiles.CreateFolderOf(path);
            storeLock = SqliteStoreLock.Take(path, exclusive: true, options.Holder, options.Time.GetUtcNow());
            SqliteStoreFiles.Create(path);
            session = SqliteSession.OpenWriter(path, options.ConnectTimeout);
            SqliteMigrations.Apply(session, MigrationCatalog.Embedded("Sqlite"), options.Time.GetUtcNow());
            session.Begin();
            return new SqliteBackupTarget(storeLock, session);
        }
        catch (Exception problem)
        {
            session?.Dispose();
            storeLock?.Dispose();
            if (problem is SqliteException refusal)
            {
                throw SqliteProblems.Unavailable(refusal);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    public Task<bool> IsEmptyAsync(BackupTable table, CancellationToken cancellationToken)
    {
        _session.Prepare($"SELECT NOT EXISTS (SELECT 1 FROM {table.Name})").TryFirst(static row => row.Bool(), out var isEmpty);
        return Task.FromResult(isEmpty);
    }

    /// <inheritdoc/>
    public async Task WriteAsync(BackupTable table, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken)
    {
        var places = string.Join(", ", Enumerable.Repeat("?", table.Columns.Count));
        var statement = _session.Prepare($"INSERT INTO {table.Name} ({table.Names}) VALUES ({places})");
        await foreach (var row in rows.WithCancellation(cancellationToken))
        {
            foreach (var value in row)
            {
                Bind(statement, value);
            }

            try
            {
                statement.Run();
            }
            catch (SqliteException refusal)
            {
                throw SqliteProblems.Unavailable(refusal);
            }
        }
    }

    /// <inheritdoc/>
    public Task CommitAsync(CancellationToken cancellationToken)
    {
        try
        {
            _session.Commit();
            return Task.CompletedTask;
        }
        catch (SqliteException refusal)
        {
            throw SqliteProblems.OfCommit(refusal);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        SqliteProblems.RollBack(_session);
        _session.Dispose();
        _lock.Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Bind(SqliteStatement statement, object? value) => _ = value switch
    {
        null => statement.Bind((string?)null),
        Guid id => statement.Bind(id),
        byte[] bytes => statement.Bind(bytes.AsSpan()),
        string text => statement.Bind(text),
        long number => statement.Bind(number),
        bool flag => statement.Bind(flag),
        _ => throw new InvalidOperationException($"A backup holds no {value.GetType().Name}."),
    };
}
