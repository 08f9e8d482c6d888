using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// Runs in a database what one process at a time may do there: the ledger's migrations, a script of another part of the program, which may be
/// applied any number of times, and steps over other connections. All under advisory locks, so that nodes that start together do not
/// collide. Who waits for another says for whom every few seconds, and not for ever.
/// </summary>
/// <param name="connectionString">Npgsql's connection string.</param>
/// <param name="holder">What this process is called by those that wait for it.</param>
/// <param name="logger">Where it says for whom it waits.</param>
public sealed partial class PostgresScript(string connectionString, string holder, ILogger logger)
{
    // "dcgx": with the name's hash beside it, apart from the ledger's own locks.
    private const int LockClass = 0x64636778;

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(50);

    /// <summary>How long one waits for others: what they do inside may be a new version's index over a big store.</summary>
    public static TimeSpan LongestWait { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How long it waits.</summary>
    internal TimeSpan Limit { get; init; } = LongestWait;

    /// <summary>How often it says for whom it waits.</summary>
    internal TimeSpan WordEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Runs an idempotent script in one transaction, one process at a time.</summary>
    /// <param name="name">What it is, for the lock and for messages.</param>
    /// <param name="script">The statements.</param>
    /// <param name="cancellationToken">Gives up; nothing of it is applied then.</param>
    /// <exception cref="LedgerUnavailableException">
    /// The database cannot be reached, another process does not let this one in, or a statement fails; says which script and why.
    /// </exception>
    public Task ApplyAsync(string name, string script, CancellationToken cancellationToken) => RunAsync(
        name,
        async (connection, token) =>
        {
            await using var command = new NpgsqlCommand(script, connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(token);
        },
        cancellationToken);

    /// <summary>
    /// Waits until no other process is inside, and stays until it is disposed of, or until its connection ends.
    /// </summary>
    /// <param name="name">What is entered.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="LedgerUnavailableException">The database cannot be reached, or another process does not let this one in; says which.</exception>
    public async Task<IAsyncDisposable> EnterAsync(string name, CancellationToken cancellationToken) =>
        await EnterConnectionAsync(name, cancellationToken);

    /// <summary>Runs statements on one connection in one transaction, one process at a time.</summary>
    /// <inheritdoc cref="ApplyAsync"/>
    internal async Task RunAsync(string name, Func<NpgsqlConnection, CancellationToken, Task> run, CancellationToken cancellationToken)
    {
        await using var connection = await EnterConnectionAsync(name, cancellationToken);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await run(connection, cancellationToken);
            // Whether it happened or not: the next start finds out.
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException problem)
        {
            throw new LedgerUnavailableException(
                $"The database refused '{name}' ({problem.SqlState}): {problem.MessageText}. Its tables must be this program's own, its role must own them, "
                + $"and no other session may keep them locked.{PostgresErrors.Remedy(problem)}",
                problem);
        }
        catch (NpgsqlException problem)
        {
            throw Unreachable(problem);
        }
    }

    private static LedgerUnavailableException Unreachable(Exception problem) => new(
        $"The database cannot be used: {problem.Message} Check that it runs, and what --connection says.", problem);

    private static int Key(string name) => BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private async Task<NpgsqlConnection> EnterConnectionAsync(string name, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(Settings());
        try
        {
            await connection.OpenAsync(cancellationToken);
            await WaitAsync(connection, name, cancellationToken);
            return connection;
        }
        catch (Exception problem)
        {
            await connection.DisposeAsync();
            if (problem is NpgsqlException)
            {
                throw Unreachable(problem);
            }

            throw;
        }
    }

    // Asks again and again, where to be queued by the server would be to wait without a word, on a connection on which nothing is said.
    private async Task WaitAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        var (key, since, words) = (Key(name), Stopwatch.GetTimestamp(), 0);
        await using var attempt = new NpgsqlCommand($"SELECT pg_try_advisory_lock({LockClass}, {key})", connection);
        while (!(bool)(await attempt.ExecuteScalarAsync(cancellationToken))!)
        {
            var waited = Stopwatch.GetElapsedTime(since);
            if (waited >= Limit || waited >= WordEvery * (words + 1))
            {
                words++;
                if (await AdvisoryLock.ReadHolderAsync(connection, LockClass, key, cancellationToken) is { } other)
                {
                    Log.StepsAwaited(logger, name, waited.TotalSeconds, other.Name, other.ServerProcess);
                    ThrowIfOver(name, waited, other);
                }
            }

            await Task.Delay(s_pause, cancellationToken);
        }
    }

    private void ThrowIfOver(string name, TimeSpan waited, LockHolder other)
    {
        if (waited >= Limit)
        {
            throw new LedgerUnavailableException(
                $"This process has waited {waited.TotalSeconds:0} s for {other.Name} to be done with '{name}', and nothing was changed. If that process "
                + "still works (a new version's index over a big store takes its time), start this one again later. If it hangs, end it; if it is gone, "
                + $"end its session in the database: SELECT pg_terminate_backend({other.ServerProcess}).");
        }
    }

    private string Settings()
    {
        // Its own connection, which ends with it: a lock never comes back to a pool.
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Enlist = false };
        // Not by what is entered, which may name an agency: Npgsql's metrics and spans name each connection by its settings.
        settings.ApplicationName = holder;
        // A lock that a script's statement waits for, in the way of another program's session, is waited for as long.
        settings.Options = $"{settings.Options} {AdvisoryLock.Settings} -c lock_timeout={(long)Limit.TotalMilliseconds}".Trim();
        return settings.ConnectionString;
    }

    private static partial class Log
    {
        [LoggerMessage(3105, LogLevel.Warning, "Waiting for '{Steps}' since {Seconds:0} s: {Holder} is inside (server process {ServerProcess})",
            EventName = "StepsAwaited")]
        public static partial void StepsAwaited(ILogger logger, string steps, double seconds, string holder, int serverProcess);
    }
}
