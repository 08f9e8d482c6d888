using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// Runs what is not the ledger's own in its database: a script of another part of the program, which may be applied any number of
/// times, and steps that one process at a time may take. Both under advisory locks, so that nodes that start together do not collide.
/// </summary>
public static class PostgresScript
{
    // "dcgx": with the name's hash beside it, apart from the ledger's own locks.
    private const int LockClass = 0x64636778;

    /// <summary>Runs an idempotent script in one transaction, one process at a time.</summary>
    /// <param name="connectionString">Npgsql's connection string.</param>
    /// <param name="name">What it is, for the lock and for messages.</param>
    /// <param name="script">The statements.</param>
    /// <param name="cancellationToken">Gives up; nothing of it is applied then.</param>
    /// <exception cref="LedgerUnavailableException">The database cannot be reached, or a statement fails; says which script and why.</exception>
    public static async Task ApplyAsync(string connectionString, string name, string script, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await OpenAsync(connectionString, cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({LockClass}, {Key(name)})", cancellationToken);
            await ExecuteAsync(connection, script, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (PostgresException problem)
        {
            throw new LedgerUnavailableException(
                $"The database refused the script '{name}': {problem.MessageText}. Its tables must be this program's own, and its role must own them.", problem);
        }
        catch (NpgsqlException problem)
        {
            throw Unreachable(problem);
        }
    }

    /// <summary>
    /// Waits until no other process is inside, and stays until it is disposed of, or until its connection ends.
    /// </summary>
    /// <param name="connectionString">Npgsql's connection string.</param>
    /// <param name="name">What is entered.</param>
    /// <param name="cancellationToken">Gives up the wait.</param>
    /// <exception cref="LedgerUnavailableException">The database cannot be reached.</exception>
    public static async Task<IAsyncDisposable> EnterAsync(string connectionString, string name, CancellationToken cancellationToken)
    {
        NpgsqlConnection? connection = null;
        try
        {
            connection = await OpenAsync(connectionString, cancellationToken);
            await ExecuteAsync(connection, $"SELECT pg_advisory_lock({LockClass}, {Key(name)})", cancellationToken);
            return connection;
        }
        catch (Exception problem)
        {
            if (connection is not null)
            {
                await connection.DisposeAsync();
            }

            if (problem is NpgsqlException)
            {
                throw Unreachable(problem);
            }

            throw;
        }
    }

    private static LedgerUnavailableException Unreachable(Exception problem) => new(
        $"The database cannot be used: {problem.Message} Check that it runs, and what --connection says.", problem);

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        // Its own connection, which ends with it: a lock never comes back to a pool.
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Enlist = false,
            CommandTimeout = 0,
            // The same for all: Npgsql's metrics and spans name each connection by its settings, and what is entered may name an agency.
            ApplicationName = "deconfliction steps",
        };
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static int Key(string name) => BitConverter.ToInt32(SHA256.HashData(Encoding.UTF8.GetBytes(name)));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
