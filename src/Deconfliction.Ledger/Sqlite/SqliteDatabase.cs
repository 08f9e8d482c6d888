using System.Collections.Concurrent;
using Deconfliction.Ledger.Migrations;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Deconfliction.Ledger.Sqlite;

/// <summary>
/// The store's file: one connection that writes, a few that read, and what SQLite's errors mean. SQLite works on the caller's
/// thread, so the work is done on the pool's.
/// </summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private const int MaximumReaders = 6;
    private readonly LedgerOptions _options;
    private readonly SqliteStoreLock _lock;
    private readonly SqliteSession _writer;
    private readonly SemaphoreSlim _writerTurn = new(1, 1);
    private readonly SemaphoreSlim _readerTurns = new(MaximumReaders, MaximumReaders);
    private readonly ConcurrentBag<SqliteSession> _readers = [];
    private readonly SqliteLogLimit _log;
    private long _now;
    private int _closed;

    private SqliteDatabase(string path, LedgerOptions options, SqliteStoreLock storeLock, SqliteSession writer, long logLimit)
    {
        Path = path;
        _options = options;
        _lock = storeLock;
        _writer = writer;
        _log = new SqliteLogLimit(path, logLimit);
    }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>Opens the store: folder, lock, schema.</summary>
    /// <exception cref="StoreInUseException">Another process holds it.</exception>
    /// <exception cref="SchemaMismatchException">It is newer than this program, or not this program's.</exception>
    /// <exception cref="LedgerUnavailableException">SQLite cannot open it.</exception>
    public static SqliteDatabase Open(
        string path, LedgerOptions options, MigrationCatalog catalog, long logLimit = SqliteLogLimit.Default)
    {
        Batteries_V2.Init();
        path = System.IO.Path.GetFullPath(path);
        SqliteStoreLock? storeLock = null;
        SqliteSession? writer = null;
        try
        {
            SqliteStoreFiles.CreateFolderOf(path);
            storeLock = SqliteStoreLock.Take(path, options.Exclusive, options.Holder, options.Time.GetUtcNow());
            SqliteStoreFiles.Create(path);
            writer = SqliteSession.OpenWriter(path, options.ConnectTimeout);
            SqliteMigrations.Apply(writer, catalog, options.Time.GetUtcNow());
            return new SqliteDatabase(path, options, storeLock, writer, logLimit);
        }
        catch (Exception problem)
        {
            writer?.Dispose();
            storeLock?.Dispose();
            if (problem is SqliteException or IOException or UnauthorizedAccessException)
            {
                throw new LedgerUnavailableException(
                    $"The store {path} cannot be opened: {problem.Message} Check the path, its owner and the space left.", problem);
            }

            throw;
        }
    }

    /// <summary>The embedded database's time: this machine's, in whole microseconds, never going back while it is open.</summary>
    public DateTimeOffset ReadNow()
    {
        var ticks = _options.Time.GetUtcNow().UtcTicks;
        ticks -= ticks % TimeSpan.TicksPerMicrosecond;
        long before;
        while ((before = Volatile.Read(ref _now)) < ticks)
        {
            Interlocked.CompareExchange(ref _now, ticks, before);
        }

        return new DateTimeOffset(before, TimeSpan.Zero);
    }

    /// <summary>Reads, all of it from one snapshot.</summary>
    public async Task<T> ReadAsync<T>(Func<SqliteSession, T> read, CancellationToken cancellationToken)
    {
        if (!await _readerTurns.WaitAsync(_options.CommandTimeout, cancellationToken))
        {
            throw new LedgerOverloadedException(
                $"All {MaximumReaders} readers of the store were busy for {_options.CommandTimeout.TotalSeconds} s. Retry later.",
                TimeSpan.FromSeconds(1));
        }

        try
        {
            return await Task.Run(() => Read(read), cancellationToken);
        }
        finally
        {
            _readerTurns.Release();
        }
    }

    /// <summary>Writes in one transaction, which is durable on return; where <paramref name="write"/> throws, nothing was written.</summary>
    public async Task<T> WriteAsync<T>(Func<SqliteSession, T> write, CancellationToken cancellationToken)
    {
        if (!await _writerTurn.WaitAsync(_options.CommandTimeout, cancellationToken))
        {
            throw new LedgerUnavailableException(
                $"The store's writer was busy for {_options.CommandTimeout.TotalSeconds} s; nothing was written. Retry later.");
        }

        try
        {
            return await Task.Run(() => Write(write), cancellationToken);
        }
        finally
        {
            _writerTurn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        await _writerTurn.WaitAsync(_options.CommandTimeout);
        for (var i = 0; i < MaximumReaders; i++)
        {
            await _readerTurns.WaitAsync(_options.CommandTimeout);
        }

        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }

        _writer.Dispose(); // the last connection: SQLite moves the WAL into the file
        _lock.Dispose();
        _writerTurn.Dispose();
        _readerTurns.Dispose();
    }

    private T Read<T>(Func<SqliteSession, T> read)
    {
        SqliteSession? reader = null;
        try
        {
            reader = _readers.TryTake(out var idle) ? idle : SqliteSession.OpenReader(Path, _options.ConnectTimeout);
            reader.BeginRead();
            T result;
            try
            {
                result = read(reader);
            }
            finally
            {
                reader.Rollback();
            }

            _readers.Add(reader);
            return result;
        }
        catch (Exception problem)
        {
            // Not lent again, and not left open: one that failed may go on failing.
            reader?.Dispose();
            if (problem is SqliteException refusal)
            {
                throw SqliteProblems.Unavailable(refusal);
            }

            throw;
        }
    }

    private T Write<T>(Func<SqliteSession, T> write)
    {
        T result;
        try
        {
            _writer.Rollback(); // what an earlier failure may have left open
            _writer.Begin();
            result = write(_writer);
        }
        catch (SqliteException problem)
        {
            SqliteProblems.RollBack(_writer);
            throw SqliteProblems.Unavailable(problem);
        }
        catch
        {
            SqliteProblems.RollBack(_writer);
            throw;
        }

        try
        {
            _writer.Commit();
        }
        catch (SqliteException problem)
        {
            SqliteProblems.RollBack(_writer);
            throw SqliteProblems.OfCommit(problem);
        }

        _log.AfterCommit(_writer);
        return result;
    }
}
