using Microsoft.Extensions.Logging;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// Who may use the store: a session-level advisory lock on a connection of its own, exclusive for solo, shared for silos (so that
/// the two do not mix either). The server gives it back when the holder's connection ends, however that ends.
/// </summary>
/// <remarks>
/// The connection ends with the database's restart too. The lock is then taken again in the background; where another process was
/// faster, this one writes no more until it gets the lock back, and its health says so. This keeps operators from a mistake; what
/// keeps the ledger right is the fence of versions.
/// </remarks>
internal sealed partial class PostgresStoreLock : IAsyncDisposable
{
    // "dcgs", and the lock's kind.
    private const int Class = 0x64636773;
    private const int Kind = 1;

    // Who stops one process and starts the next asks before the database has seen off the first.
    private const int TriesAtOneThatEnds = 20;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    private readonly string _connectionString;
    private readonly LedgerOptions _options;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _closing = new();
    private Task _watch = Task.CompletedTask;
    private NpgsqlConnection? _connection;
    private string? _taken;

    private PostgresStoreLock(string connectionString, LedgerOptions options, ILogger logger)
    {
        var settings = PostgresDatabase.Settings(connectionString, options, AdvisoryLock.Settings);
        settings.Pooling = false;
        settings.ApplicationName = options.Holder;
        _connectionString = settings.ConnectionString;
        _options = options;
        _logger = logger;
    }

    /// <summary>Takes the lock and keeps it.</summary>
    /// <exception cref="StoreInUseException">Another process has it; says which, and since when.</exception>
    /// <exception cref="LedgerUnavailableException">The database cannot be reached.</exception>
    public static async Task<PostgresStoreLock> TakeAsync(
        string connectionString, LedgerOptions options, ILogger logger, CancellationToken cancellationToken)
    {
        var storeLock = new PostgresStoreLock(connectionString, options, logger);
        try
        {
            if (await storeLock.TryTakeAsync(cancellationToken) is { } holder)
            {
                throw new StoreInUseException(
                    $"The store is in use by {holder}. Stop that process first, or open the store together as silos of one cluster.");
            }
        }
        catch (Exception problem) when (PostgresErrors.Translate(problem, commitSent: false, cancellationToken) is not null)
        {
            await storeLock.DisposeAsync();
            throw PostgresErrors.Translate(problem, commitSent: false, cancellationToken)!;
        }
        catch
        {
            await storeLock.DisposeAsync();
            throw;
        }

        storeLock._watch = storeLock.WatchAsync();
        return storeLock;
    }

    /// <summary>Refuses while another process has the store.</summary>
    public void ThrowIfTaken()
    {
        if (Volatile.Read(ref _taken) is { } holder)
        {
            throw new LedgerUnavailableException(
                $"The store was lost to {holder} while the database was away. Nothing is written until that process ends; stop one of the two.");
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        await _watch;
        if (_connection is { } connection)
        {
            await connection.DisposeAsync();
        }

        _closing.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_closing.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, _options.Time, _closing.Token);
                await KeepAsync(_closing.Token);
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
            {
                return;
            }
            catch (Exception problem)
            {
                // Whatever it was: were the watch to end here, the lock would never be taken again. (A driver that broke the connection
                // by itself, as with its keep-alive, says so by exceptions that are not the database's.)
                await LetGoAsync(problem);
            }
        }
    }

    private async Task LetGoAsync(Exception problem)
    {
        if (_connection is { } connection)
        {
            _connection = null;
            Log.StoreLockLost(_logger, problem);
            await connection.DisposeAsync();
        }
        else if (PostgresErrors.Translate(problem, commitSent: false, _closing.Token) is null)
        {
            Log.StoreLockNotTaken(_logger, problem);
        }
    }

    private async Task KeepAsync(CancellationToken cancellationToken)
    {
        if (_connection is not null)
        {
            await ScalarAsync(_connection, "SELECT 1", cancellationToken);
            return;
        }

        var holder = await TryTakeAsync(cancellationToken);
        var before = Interlocked.Exchange(ref _taken, holder);
        if (holder is null)
        {
            Log.StoreLockTaken(_logger);
        }
        else if (before is null)
        {
            Log.StoreLockTakenByAnother(_logger, holder);
        }
    }

    // Who has it, if it could not be had.
    private async Task<string?> TryTakeAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(_connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            var kind = _options.Exclusive ? "" : "_shared";
            for (var left = TriesAtOneThatEnds; ; left--)
            {
                if ((bool)(await ScalarAsync(connection, $"SELECT pg_try_advisory_lock{kind} ({Class}, {Kind})", cancellationToken))!)
                {
                    _connection = connection;
                    return null;
                }

                if (await AdvisoryLock.ReadHolderAsync(connection, Class, Kind, cancellationToken) is { } holder)
                {
                    return holder.Name;
                }

                if (left == 0)
                {
                    return "another process, which has just ended: try again";
                }

                await Task.Delay(s_pause, cancellationToken);
            }
        }
        finally
        {
            if (_connection != connection)
            {
                await connection.DisposeAsync();
            }
        }
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(3101, LogLevel.Warning, "The connection that holds the store's lock was lost; it is being taken again",
            EventName = "StoreLockLost")]
        public static partial void StoreLockLost(ILogger logger, Exception cause);

        [LoggerMessage(3102, LogLevel.Information, "The store's lock is held again", EventName = "StoreLockTaken")]
        public static partial void StoreLockTaken(ILogger logger);

        [LoggerMessage(3104, LogLevel.Error, "The store's lock cannot be taken again; it is tried on", EventName = "StoreLockNotTaken")]
        public static partial void StoreLockNotTaken(ILogger logger, Exception cause);

        [LoggerMessage(3103, LogLevel.Critical, "The store was lost to {Holder} while the database was away; nothing is written",
            EventName = "StoreLockTakenByAnother")]
        public static partial void StoreLockTakenByAnother(ILogger logger, string holder);
    }
}
