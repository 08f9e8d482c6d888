using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Deconfliction.Ledger.Sqlite;

/// <summary>One connection with its prepared statements. Not thread-safe: <see cref="SqliteDatabase"/> lends it to one at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private TimeSpan _busyTimeout;
    private readonly Dictionary<string, SqliteStatement> _statements = new(new ByLength());

    private SqliteSession(SqliteConnection connection) => _connection = connection;

    /// <summary>Whether a transaction is open.</summary>
    public bool IsInTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>Opens the one that writes.</summary>
    public static SqliteSession OpenWriter(string path, TimeSpan busyTimeout)
    {
        var session = Open(path, SqliteOpenMode.ReadWriteCreate, busyTimeout);
        session.Execute("PRAGMA journal_mode = WAL");
        session.Execute("PRAGMA synchronous = FULL");
        session.Execute("PRAGMA secure_delete = ON"); // what is purged is overwritten
        session.Execute("PRAGMA wal_autocheckpoint = 4000"); // pages: 16 MB
        session.Execute($"PRAGMA journal_size_limit = {SqliteLogLimit.Default}");
        session.Execute("PRAGMA cache_size = -65536"); // 64 MB
        return session;
    }

    /// <summary>Opens one that only reads.</summary>
    public static SqliteSession OpenReader(string path, TimeSpan busyTimeout)
    {
        var session = Open(path, SqliteOpenMode.ReadWrite, busyTimeout); // a read-only one could not keep the WAL's index
        session.Execute("PRAGMA query_only = ON");
        session.Execute("PRAGMA cache_size = -8192"); // 8 MB
        return session;
    }

    /// <summary>The prepared statement for a text, which is a constant of the program: their number is bounded.</summary>
    public SqliteStatement Prepare(string sql)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new SqliteStatement(_connection.Handle!, sql);
            _statements.Add(sql, statement);
        }

        statement.StartOver();
        return statement;
    }

    /// <summary>Runs a text once, which may hold several statements.</summary>
    public void Execute(string sql)
    {
        var result = raw.sqlite3_exec(_connection.Handle, sql);
        if (result != raw.SQLITE_OK)
        {
            SqliteException.ThrowExceptionForRC(result, _connection.Handle);
        }
    }

    // Immediate: a group that has read before it has the lock cannot go on once another program has written to the file.
    public void Begin() => Prepare("BEGIN IMMEDIATE").Run();

    public void BeginRead() => Prepare("BEGIN").Run();

    public void Commit() => Prepare("COMMIT").Run();

    /// <summary>Takes back what is open; SQLite may have done so itself.</summary>
    public void Rollback()
    {
        if (IsInTransaction)
        {
            Prepare("ROLLBACK").Run();
        }
    }

    /// <summary>
    /// Moves the write-ahead log into the file and cuts it to nothing, waiting for its readers; what cannot be moved in time stays, and
    /// nothing is lost by that. Answers whether it is empty.
    /// </summary>
    public bool TryEmptyLog(TimeSpan patience)
    {
        var usual = _busyTimeout;
        SetBusyTimeout(patience);
        try
        {
            // Any other failure of it is that of the disk, of which the next commit will tell: what was committed is durable in the log.
            return raw.sqlite3_wal_checkpoint_v2(_connection.Handle, "main", raw.SQLITE_CHECKPOINT_TRUNCATE, out _, out _) == raw.SQLITE_OK;
        }
        finally
        {
            SetBusyTimeout(usual);
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _statements.Clear();
        _connection.Dispose();
    }

    private void SetBusyTimeout(TimeSpan timeout)
    {
        Execute($"PRAGMA busy_timeout = {(int)timeout.TotalMilliseconds}");
        _busyTimeout = timeout;
    }

    private static SqliteSession Open(string path, SqliteOpenMode mode, TimeSpan busyTimeout)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
        }.ConnectionString);
        try
        {
            connection.Open();
            _ = raw.sqlite3_extended_result_codes(connection.Handle, 1);
            var session = new SqliteSession(connection);
            session.SetBusyTimeout(busyTimeout);
            session.Execute("PRAGMA temp_store = MEMORY");
            return session;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    // The texts are a few dozen constants: hashing hundreds of characters for each row would cost more than it tells apart.
    private sealed class ByLength : IEqualityComparer<string>
    {
        public bool Equals(string? x, string? y) => string.Equals(x, y, StringComparison.Ordinal);

        public int GetHashCode(string obj) => obj.Length;
    }
}
