using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// What the ledger needs of a connection: asked of each one, because a role's, a database's or a connection string's setting can
/// take back what the server's configuration gives.
/// </summary>
internal static class PostgresRequirements
{
    private const int OldestVersion = 150_000;

    private const string Question =
        "SELECT current_setting('synchronous_commit'), current_setting('fsync'), current_setting('server_encoding'), "
        + "current_setting('server_version_num')::integer, current_setting('server_version')";

    /// <summary>Asks.</summary>
    /// <exception cref="LedgerUnavailableException">Something is not as needed; says what, and the remedy.</exception>
    public static void Check(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand(Question, connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        Judge(reader);
    }

    /// <summary>Asks.</summary>
    /// <exception cref="LedgerUnavailableException">Something is not as needed; says what, and the remedy.</exception>
    public static async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Question, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        Judge(reader);
    }

    private static void Judge(NpgsqlDataReader reader)
    {
        Require(
            reader.GetInt32(3) >= OldestVersion,
            $"PostgreSQL {reader.GetString(4)} is too old: the ledger needs 15 or newer.");
        Require(
            reader.GetString(2) == "UTF8",
            $"The database's encoding is {reader.GetString(2)}: the ledger needs UTF8 (CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0).");
        Require(
            reader.GetString(0) is "on" or "remote_apply",
            $"synchronous_commit is '{reader.GetString(0)}' on this connection: what was acknowledged could be lost. Set it to 'on' where "
            + "it was turned off: the connection string's Options, the role (ALTER ROLE … RESET synchronous_commit), the database "
            + "(ALTER DATABASE … RESET synchronous_commit) or the server's configuration.");
        Require(
            reader.GetString(1) == "on",
            "fsync is off on this server: what was acknowledged could be lost, and the database with it. Turn it on in the server's configuration.");
    }

    private static void Require(bool isMet, string problem)
    {
        if (!isMet)
        {
            throw new LedgerUnavailableException(problem);
        }
    }
}
