using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>What all advisory locks that are held for long have in common: how their connection is kept; and who has a lock.</summary>
internal static class AdvisoryLock
{
    /// <summary>
    /// Settings of the connection that holds it. A holder whose machine is gone without a word is noticed by the server within half a
    /// minute; one that is only busy elsewhere is not taken for idle, neither by the server nor by what lies between.
    /// </summary>
    public const string Settings =
        "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4 -c idle_session_timeout=0";

    /// <summary>
    /// Who has the lock of these two numbers; nobody, where who had it has ended since. A role sees the names of its own sessions only, unless
    /// it may read all statistics.
    /// </summary>
    public static Task<LockHolder?> ReadHolderAsync(NpgsqlConnection connection, int first, int second, CancellationToken cancellationToken) => ReadHolderAsync(
        connection, $"l.locktype = 'advisory' AND l.objsubid = 2 AND l.classid = {(uint)first} AND l.objid = {(uint)second}", cancellationToken);

    /// <summary>Who keeps others from these tables; nobody, where who did has ended since.</summary>
    /// <param name="connection">Which is not the one that waited.</param>
    /// <param name="tables">Their names.</param>
    /// <param name="fromReading">From reading too, and not only from writing.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<LockHolder?> ReadHolderAsync(
        NpgsqlConnection connection, IEnumerable<string> tables, bool fromReading, CancellationToken cancellationToken) => ReadHolderAsync(
        connection,
        $"l.locktype = 'relation' AND l.mode IN ({(fromReading ? "" : "'ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', ")}'AccessExclusiveLock') "
        + $"AND l.relation IN ({string.Join(", ", tables.Select(static table => $"'{table}'::regclass"))})",
        cancellationToken);

    private static async Task<LockHolder?> ReadHolderAsync(NpgsqlConnection connection, string which, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT coalesce(nullif(a.application_name, ''), 'another process (server process ' || l.pid || ')') "
            + "|| coalesce(' since ' || to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), ''), l.pid "
            + "FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid "
            + $"WHERE {which} AND l.granted "
            + "AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY a.backend_start LIMIT 1",
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new LockHolder(reader.GetString(0), reader.GetInt32(1)) : null;
    }
}

/// <summary>Who has a lock.</summary>
/// <param name="Name">As it calls itself, and since when it is connected.</param>
/// <param name="ServerProcess">The process of the database's server that serves it.</param>
internal readonly record struct LockHolder(string Name, int ServerProcess);
