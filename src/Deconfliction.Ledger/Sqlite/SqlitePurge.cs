using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Sqlite;

/// <summary>One bounded step of purging (rule 8), in the writer's transaction.</summary>
internal sealed class SqlitePurge(SqliteSession session, ReadOnlyMemory<byte> auditKey, int limit)
{
    private const int SnapshotPartsAtOnce = 16;
    private int _purged;

    /// <summary>Purges up to the limit (a claim goes with all its overlaps); answers how many rows went.</summary>
    public int Run(DateTimeOffset endedBefore, DateTimeOffset auditBefore)
    {
        PurgeClaims(endedBefore);
        PurgeSnapshots(endedBefore);
        PurgeAlerts(endedBefore);
        PurgeAudit(auditBefore);
        return _purged;
    }

    private int Left => Math.Max(0, limit - _purged);

    private void PurgeClaims(DateTimeOffset endedBefore)
    {
        var ended = session.Prepare("SELECT id FROM claim WHERE end_reason <> 0 AND ended_at < ? ORDER BY ended_at LIMIT ?")
            .Bind(endedBefore).Bind(Left).ToList(static row => row.Id());
        if (ended.Count > 0)
        {
            session.Prepare("UPDATE ledger_history SET purged_before = max(purged_before, ?)").Bind(endedBefore).Run();
        }

        foreach (var claim in ended)
        {
            if (Left == 0)
            {
                return;
            }

            _purged += session.Prepare("DELETE FROM overlap WHERE claim_a = ?").Bind(claim).Run();
            _purged += session.Prepare("DELETE FROM overlap WHERE claim_b = ?").Bind(claim).Run();
            _purged += session.Prepare("DELETE FROM claim WHERE id = ?").Bind(claim).Run();
        }
    }

    // They may hold what was purged, and nobody reads them any more.
    private void PurgeSnapshots(DateTimeOffset endedBefore) => _purged += session.Prepare(
        "DELETE FROM snapshot WHERE rowid IN (SELECT rowid FROM snapshot WHERE earliest_end < ? LIMIT ?)")
        .Bind(endedBefore).Bind(Math.Min(Left, SnapshotPartsAtOnce)).Run();

    // From the oldest on, so that what is kept of a feed has no gap.
    private void PurgeAlerts(DateTimeOffset endedBefore)
    {
        var feeds = session.Prepare("SELECT agency, oldest_kept, acknowledged FROM feed WHERE oldest_kept <= acknowledged")
            .ToList(static row => (Agency: row.Agency(), OldestKept: row.Long(), Acknowledged: row.Long()));
        foreach (var feed in feeds)
        {
            var alerts = session.Prepare("""
                SELECT position, created_at FROM alert WHERE to_agency = ? AND position BETWEEN ? AND ? ORDER BY position LIMIT ?
                """)
                .Bind(feed.Agency).Bind(feed.OldestKept).Bind(feed.Acknowledged).Bind(Left)
                .ToList(static row => (Position: row.Long(), At: row.Time()));
            var last = feed.OldestKept - 1;
            foreach (var (position, at) in alerts)
            {
                if (at >= endedBefore)
                {
                    break;
                }

                last = position;
            }

            if (last >= feed.OldestKept)
            {
                _purged += session.Prepare("DELETE FROM alert WHERE to_agency = ? AND position BETWEEN ? AND ?")
                    .Bind(feed.Agency).Bind(feed.OldestKept).Bind(last).Run();
                session.Prepare("UPDATE feed SET oldest_kept = ? WHERE agency = ?").Bind(last + 1).Bind(feed.Agency).Run();
            }
        }
    }

    // From a chain's start on, so that what is kept of it can still be verified: its base moves up.
    private void PurgeAudit(DateTimeOffset auditBefore)
    {
        var writers = session.Prepare("""
            SELECT w.writer, w.base_number FROM audit_writer w
            WHERE (SELECT a.at FROM audit a WHERE a.writer = w.writer ORDER BY a.number LIMIT 1) < ? ORDER BY w.writer
            """)
            .Bind(auditBefore).ToList(static row => (Writer: row.Long(), Base: row.Long()));
        foreach (var (writer, oldBase) in writers)
        {
            var entries = session.Prepare("SELECT number, at, hash FROM audit WHERE writer = ? ORDER BY number LIMIT ?")
                .Bind(writer).Bind(Left).ToList(static row => (Number: row.Long(), At: row.Time(), Hash: row.Bytes().ToArray()));
            var old = entries.TakeWhile(entry => entry.At < auditBefore).ToList();
            if (old.Count == 0)
            {
                continue;
            }

            var (number, _, hash) = old[^1];
            _purged += session.Prepare("DELETE FROM audit WHERE writer = ? AND number <= ?").Bind(writer).Bind(number).Run();
            session.Prepare("UPDATE audit_writer SET base_number = ?, base_hash = ?, base_seal = ? WHERE writer = ? AND base_number = ?")
                .Bind(number).Bind(hash).Bind(AuditChain.Seal(auditKey.Span, ChainEnd.Base, writer, number, hash))
                .Bind(writer).Bind(oldBase).Run();
        }
    }
}
