using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Insight;

namespace Deconfliction.Ledger.Sqlite;

// What operators' pages read (ILedgerInsight).
internal sealed partial class SqliteLedgerRecords
{
    private static readonly string s_writersSql = $"""
        SELECT writer, base_number, base_hash, base_seal, head_number, head_hash, head_seal, place_seal
        FROM audit_writer WHERE head_number > 0 ORDER BY writer DESC LIMIT {AuditTail.Chains}
        """;

    /// <inheritdoc/>
    public Task<LedgerShape> ReadShapeAsync(CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            var steps = session.Prepare("SELECT number, name, applied_at FROM schema_migration ORDER BY number")
                .ToList(static row => new AppliedStep(row.Int(), row.Text(), row.Time()));
            var chains = session.Prepare("""
                SELECT writer, opened_at, holder, head_number - base_number, head_number, head_hash FROM audit_writer ORDER BY writer DESC LIMIT 20
                """)
                .ToList(static row => new ChainHead(row.Long(), row.Time(), row.Text(), row.Long(), row.Long(), row.Bytes().ToArray()));
            session.Prepare("SELECT (SELECT min(ended_at) FROM claim WHERE end_reason <> 0), (SELECT min(at) FROM audit)")
                .TryFirst(static row => (Ended: row.TimeOrNull(), Audit: row.TimeOrNull()), out var oldest);
            return new LedgerShape(steps, chains, oldest.Ended, oldest.Audit);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuditEntry>> ReadOperationsAsync(int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AuditEntry>>(
            session => session.Prepare($"""
                SELECT {SqliteRows.AuditColumns} FROM audit WHERE operation >= 20 AND operation < 30 ORDER BY at DESC, writer DESC, number DESC LIMIT ?
                """).Bind(limit).ToList(SqliteRows.Audit),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OverlapProgress>> ReadProgressAsync(IReadOnlyList<Guid> overlapIds, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<OverlapProgress>>(
            session => [.. overlapIds.Select(id => Progress(session, id)).OfType<OverlapProgress>()], cancellationToken);

    /// <inheritdoc/>
    public Task<HazardCensus> ReadHazardsAsync(int crowds, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            var reasons = session.Prepare("SELECT hazard, count(*) FROM identifier WHERE hazard IS NOT NULL GROUP BY hazard ORDER BY 2 DESC, 1 LIMIT 100")
                .ToList(static row => (row.Text(), row.Long()));
            session.Prepare("SELECT count(*) FROM identifier WHERE crowd = 1").TryFirst(static row => row.Long(), out var count);
            var first = session.Prepare("SELECT tag FROM identifier WHERE crowd = 1 LIMIT ?").Bind(crowds).ToList(static row => row.Tag());
            return new HazardCensus(reasons, count, first);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SampledIdentifier>> SampleAsync(Tag from, int identifiers, int mostClaims, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<SampledIdentifier>>(
            session =>
            {
                var found = session.Prepare("SELECT id, tag, hazard, crowd FROM identifier WHERE tag >= ? ORDER BY tag LIMIT ?")
                    .Bind(from).Bind(identifiers)
                    .ToList(static row => new SampledIdentifier(row.Id(), row.Tag(), row.TextOrNull(), row.Bool(), [], []));
                return [.. found.Select(one => Complete(session, one, mostClaims)).OfType<SampledIdentifier>()];
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> CountEntriesOfAsync(Claim claim, Tag tag, CancellationToken cancellationToken) => database.ReadAsync(
        session => ClaimEntries.CountAsync(
            claim,
            (from, until) => Task.FromResult<IReadOnlyList<IReadOnlyList<Guid>>>(session.Prepare("""
                SELECT subjects FROM audit WHERE at >= ? AND at < ? AND agency = ? AND operation = 1 AND tag = ? AND result = 'DONE'
                """).Bind(from).Bind(until).Bind(claim.Agency).Bind(tag).ToList(static row => AuditBlobs.ToSubjects(row.Bytes())))).GetAwaiter().GetResult(),
        cancellationToken);

    /// <inheritdoc/>
    public Task<AuditVerification> VerifyAuditTailAsync(int entries, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            var tail = new AuditTail(options.AuditKey);
            var writers = session.Prepare(s_writersSql).ToList(static row => new AuditWriterRow(
                row.Long(), row.Long(), row.Bytes().ToArray(), row.Bytes().ToArray(), row.Long(), row.Bytes().ToArray(),
                row.Bytes().ToArray(), row.Bytes().ToArray()));
            foreach (var writer in writers)
            {
                tail.Read(writer, session.Prepare($"SELECT {SqliteRows.AuditColumns} FROM audit WHERE writer = ? AND number > ? ORDER BY number")
                    .Bind(writer.Writer).Bind(writer.HeadNumber - entries).ToList(SqliteRows.Audit));
            }

            return tail.Result;
        },
        cancellationToken);

    private static OverlapProgress? Progress(SqliteSession session, Guid id)
    {
        var isKept = session.Prepare("""
            SELECT o.acknowledged_at_a IS NOT NULL, o.acknowledged_at_b IS NOT NULL, o.resolved_at IS NOT NULL, o.agency_a, o.agency_b,
              a.disclosure, b.disclosure
            FROM overlap o JOIN claim a ON a.id = o.claim_a JOIN claim b ON b.id = o.claim_b WHERE o.id = ?
            """).Bind(id).TryFirst(
                row => new OverlapRow(
                    id, row.Bool(), row.Bool(), row.Bool(), row.Text(), row.Text(), (Disclosure)row.Int(), (Disclosure)row.Int()),
                out var overlap);
        if (!isKept || overlap.IsSilent)
        {
            return null;
        }

        return overlap.With(session.Prepare("""
            SELECT l.to_agency, l.position, coalesce(f.acknowledged, 0) FROM alert l LEFT JOIN feed f ON f.agency = l.to_agency
            WHERE l.id >= ?1 AND l.id < ?2 AND l.overlap_id = ?3 AND l.kind = 1
            """).Bind(OverlapRow.StartOfAlerts(id)).Bind(OverlapRow.EndOfAlerts(id)).Bind(id)
            .ToList(static row => new AlertPlace(row.Text(), row.LongOrNull(), row.Long())));
    }

    private static SampledIdentifier? Complete(SqliteSession session, SampledIdentifier identifier, int mostClaims)
    {
        var live = session.Prepare($"SELECT {SqliteRows.ClaimColumns("c")} FROM claim c WHERE c.identifier_id = ? AND c.end_reason = 0 LIMIT ?")
            .Bind(identifier.Id).Bind(mostClaims + 1).ToList(SqliteRows.Claim);
        if (live.Count > mostClaims)
        {
            return null;
        }

        var overlaps = new Dictionary<Guid, SampledOverlap>();
        foreach (var claim in live)
        {
            var ofClaim = session.Prepare($"SELECT o.identifier_id, {SqliteRows.OverlapColumns("o")} FROM overlap o WHERE o.claim_a = ?1 OR o.claim_b = ?1")
                .Bind(claim.Id).ToList(static row => new SampledOverlap(row.Id(), SqliteRows.Overlap(row)));
            foreach (var one in ofClaim)
            {
                overlaps[one.Overlap.Id] = one;
            }
        }

        return identifier with { Live = live, Overlaps = [.. overlaps.Values] };
    }
}
