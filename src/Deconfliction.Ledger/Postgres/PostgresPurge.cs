using Deconfliction.Ledger.Auditing;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>One bounded step of purging (rule 8), in one transaction.</summary>
internal sealed class PostgresPurge(PostgresWork work, ReadOnlyMemory<byte> auditKey, int limit)
{
    private const int SnapshotPartsAtOnce = 16;
    private readonly NpgsqlConnection _connection = work.Connection;
    private int _purged;

    private int Left => Math.Max(0, limit - _purged);

    /// <summary>Purges up to the limit (a claim goes with all its overlaps); answers how many rows went.</summary>
    public async Task<int> RunAsync(DateTimeOffset endedBefore, DateTimeOffset auditBefore, CancellationToken cancellationToken)
    {
        await using var transaction = await _connection.BeginTransactionAsync(cancellationToken);
        await PurgeClaimsAsync(endedBefore, cancellationToken);
        await PurgeSnapshotsAsync(endedBefore, cancellationToken);
        await PurgeAlertsAsync(endedBefore, cancellationToken);
        await PurgeAuditAsync(auditBefore, cancellationToken);
        work.CommitSent = true;
        await transaction.CommitAsync(cancellationToken);
        return _purged;
    }

    private async Task PurgeClaimsAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        // Two nodes that purge at once take different claims.
        var ended = await PostgresQuery.Of(q => "SELECT id FROM claim WHERE end_reason <> 0 "
            + $"AND ended_at < {q.Value(endedBefore)} ORDER BY ended_at LIMIT {q.Value(Left)} FOR UPDATE SKIP LOCKED")
            .ToListAsync(_connection, row => row.GetGuid(0), cancellationToken);
        if (ended.Count == 0)
        {
            return;
        }

        await PostgresQuery.Of(q => $"UPDATE ledger_history SET purged_before = GREATEST(purged_before, {q.Value(endedBefore)})")
            .RunAsync(_connection, cancellationToken);
        Guid[] ids = [.. ended];
        _purged += await PostgresQuery.Of(q => $"DELETE FROM overlap WHERE claim_a = ANY ({q.Value(ids)})")
            .RunAsync(_connection, cancellationToken);
        _purged += await PostgresQuery.Of(q => $"DELETE FROM overlap WHERE claim_b = ANY ({q.Value(ids)})")
            .RunAsync(_connection, cancellationToken);
        _purged += await PostgresQuery.Of(q => $"DELETE FROM claim WHERE id = ANY ({q.Value(ids)})").RunAsync(_connection, cancellationToken);
    }

    // They may hold what was purged, and nobody reads them any more.
    private async Task PurgeSnapshotsAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken) =>
        _purged += await PostgresQuery.Of(q => "DELETE FROM snapshot WHERE ctid = ANY (ARRAY(SELECT ctid FROM snapshot "
            + $"WHERE earliest_end < {q.Value(endedBefore)} LIMIT {q.Value(Math.Min(Left, SnapshotPartsAtOnce))} FOR UPDATE SKIP LOCKED))")
            .RunAsync(_connection, cancellationToken);

    // From the oldest on, so that what is kept of a feed has no gap.
    private async Task PurgeAlertsAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        var feeds = await PostgresQuery.Of(_ =>
            "SELECT agency, oldest_kept, acknowledged FROM feed WHERE oldest_kept <= acknowledged ORDER BY agency FOR UPDATE")
            .ToListAsync(
                _connection, row => (Agency: row.GetString(0), OldestKept: row.GetInt64(1), Acknowledged: row.GetInt64(2)), cancellationToken);
        foreach (var feed in feeds)
        {
            var alerts = await PostgresQuery.Of(q => "SELECT position, created_at FROM alert "
                + $"WHERE to_agency = {q.Value(feed.Agency)} AND position BETWEEN {q.Value(feed.OldestKept)} AND {q.Value(feed.Acknowledged)} "
                + $"ORDER BY position LIMIT {q.Value(Left)}")
                .ToListAsync(_connection, row => (Position: row.GetInt64(0), At: PostgresRows.Time(row, 1)), cancellationToken);
            var old = alerts.TakeWhile(alert => alert.At < endedBefore).ToList();
            if (old.Count == 0)
            {
                continue;
            }

            var last = old[^1].Position;
            _purged += await PostgresQuery.Of(q =>
                $"DELETE FROM alert WHERE to_agency = {q.Value(feed.Agency)} AND position BETWEEN {q.Value(feed.OldestKept)} AND {q.Value(last)}")
                .RunAsync(_connection, cancellationToken);
            await PostgresQuery.Of(q => $"UPDATE feed SET oldest_kept = {q.Value(last + 1)} WHERE agency = {q.Value(feed.Agency)}")
                .RunAsync(_connection, cancellationToken);
        }
    }

    // From a chain's start on, so that what is kept of it can still be verified: its base moves up.
    private async Task PurgeAuditAsync(DateTimeOffset auditBefore, CancellationToken cancellationToken)
    {
        var writers = await PostgresQuery.Of(q => "SELECT w.writer FROM audit_writer w "
            + $"WHERE (SELECT a.at FROM audit a WHERE a.writer = w.writer ORDER BY a.number LIMIT 1) < {q.Value(auditBefore)} "
            + "ORDER BY w.writer FOR UPDATE OF w")
            .ToListAsync(_connection, row => row.GetInt64(0), cancellationToken);
        foreach (var writer in writers)
        {
            var entries = await PostgresQuery.Of(q =>
                $"SELECT number, at, hash FROM audit WHERE writer = {q.Value(writer)} ORDER BY number LIMIT {q.Value(Left)}")
                .ToListAsync(
                    _connection,
                    row => (Number: row.GetInt64(0), At: PostgresRows.Time(row, 1), Hash: PostgresRows.Bytes(row, 2)),
                    cancellationToken);
            var old = entries.TakeWhile(entry => entry.At < auditBefore).ToList();
            if (old.Count == 0)
            {
                continue;
            }

            var (number, _, hash) = old[^1];
            _purged += await PostgresQuery.Of(q => $"DELETE FROM audit WHERE writer = {q.Value(writer)} AND number <= {q.Value(number)}")
                .RunAsync(_connection, cancellationToken);
            var seal = AuditChain.Seal(auditKey.Span, ChainEnd.Base, writer, number, hash);
            await PostgresQuery.Of(q => $"UPDATE audit_writer SET base_number = {q.Value(number)}, base_hash = {q.Value(hash)}, "
                + $"base_seal = {q.Value(seal)} WHERE writer = {q.Value(writer)}")
                .RunAsync(_connection, cancellationToken);
        }
    }
}
