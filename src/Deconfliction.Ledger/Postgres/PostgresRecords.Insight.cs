using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Insight;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

// What operators' pages read (ILedgerInsight).
internal sealed partial class PostgresRecords
{
    /// <inheritdoc/>
    public Task<LedgerShape> ReadShapeAsync(CancellationToken cancellationToken) => PostgresDatabase.ReadAsync(
        database.Records,
        async (work, token) =>
        {
            var steps = await PostgresQuery.Of(_ => "SELECT number, name, applied_at FROM schema_migration ORDER BY number")
                .ToListAsync(work.Connection, row => new AppliedStep(row.GetInt32(0), row.GetString(1), PostgresRows.Time(row, 2)), token);
            var chains = await PostgresQuery.Of(_ => "SELECT writer, opened_at, holder, head_number - base_number, head_number, head_hash "
                + "FROM audit_writer ORDER BY writer DESC LIMIT 20")
                .ToListAsync(
                    work.Connection,
                    row => new ChainHead(
                        row.GetInt64(0), PostgresRows.Time(row, 1), row.GetString(2), row.GetInt64(3), row.GetInt64(4), PostgresRows.Bytes(row, 5)),
                    token);
            var (ended, audit) = await PostgresQuery.Of(_ =>
                "SELECT (SELECT min(ended_at) FROM claim WHERE end_reason <> 0), (SELECT min(at) FROM audit)")
                .FirstAsync(work.Connection, row => (PostgresRows.TimeOrNull(row, 0), PostgresRows.TimeOrNull(row, 1)), token);
            return new LedgerShape(steps, chains, ended, audit);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuditEntry>> ReadOperationsAsync(int limit, CancellationToken cancellationToken) => ListAsync(
        q => $"SELECT {PostgresRows.AuditColumns("e")} FROM audit e WHERE e.operation >= 20 AND e.operation < 30 "
            + $"ORDER BY e.at DESC, e.writer DESC, e.number DESC LIMIT {q.Value(limit)}",
        row => PostgresRows.AuditEntry(row, 0),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OverlapProgress>> ReadProgressAsync(IReadOnlyList<Guid> overlapIds, CancellationToken cancellationToken) =>
        PostgresDatabase.ReadAsync<IReadOnlyList<OverlapProgress>>(
            database.Records,
            async (work, token) =>
            {
                var overlaps = await PostgresQuery.Of(q =>
                    "SELECT o.id, o.acknowledged_at_a IS NOT NULL, o.acknowledged_at_b IS NOT NULL, o.resolved_at IS NOT NULL, o.agency_a, "
                    + "o.agency_b, a.disclosure, b.disclosure FROM overlap o JOIN claim a ON a.id = o.claim_a JOIN claim b ON b.id = o.claim_b "
                    + $"WHERE o.id = ANY ({q.Value([.. overlapIds])})")
                    .ToListAsync(work.Connection, ProgressRow, token);
                var progress = new List<OverlapProgress>();
                foreach (var overlap in overlaps.Where(overlap => !overlap.IsSilent))
                {
                    progress.Add(overlap.With(await AlertsAsync(work.Connection, overlap.Id, token)));
                }

                return progress;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<HazardCensus> ReadHazardsAsync(int crowds, CancellationToken cancellationToken) => PostgresDatabase.ReadAsync(
        database.Records,
        async (work, token) =>
        {
            var reasons = await PostgresQuery.Of(_ =>
                "SELECT hazard, count(*) FROM identifier WHERE hazard IS NOT NULL GROUP BY hazard ORDER BY 2 DESC, 1 LIMIT 100")
                .ToListAsync(work.Connection, row => (row.GetString(0), row.GetInt64(1)), token);
            var count = await PostgresQuery.Of(_ => "SELECT count(*) FROM identifier WHERE crowd")
                .FirstAsync(work.Connection, row => row.GetInt64(0), token);
            var first = await PostgresQuery.Of(q => $"SELECT tag FROM identifier WHERE crowd LIMIT {q.Value(crowds)}")
                .ToListAsync(work.Connection, row => PostgresRows.Tag(row, 0), token);
            return new HazardCensus(reasons, count, first);
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SampledIdentifier>> SampleAsync(Tag from, int identifiers, int mostClaims, CancellationToken cancellationToken) =>
        PostgresDatabase.ReadAsync<IReadOnlyList<SampledIdentifier>>(
            database.Records,
            async (work, token) =>
            {
                await using var snapshot = await work.Connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, token);
                var found = await PostgresQuery.Of(q =>
                    $"SELECT id, tag, hazard, crowd FROM identifier WHERE tag >= {q.Value(from)} ORDER BY tag LIMIT {q.Value(identifiers)}")
                    .ToListAsync(
                        work.Connection,
                        row => new SampledIdentifier(row.GetGuid(0), PostgresRows.Tag(row, 1), PostgresRows.TextOrNull(row, 2), row.GetBoolean(3), [], []),
                        token);
                var sample = new List<SampledIdentifier>();
                foreach (var identifier in found)
                {
                    if (await CompleteAsync(work.Connection, identifier, mostClaims, token) is { } whole)
                    {
                        sample.Add(whole);
                    }
                }

                await snapshot.CommitAsync(token);
                return sample;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<int> CountEntriesOfAsync(Claim claim, Tag tag, CancellationToken cancellationToken) => ClaimEntries.CountAsync(
        claim,
        (from, until) => ListAsync(
            q => $"SELECT subjects FROM audit WHERE at >= {q.Value(from)} AND at < {q.Value(until)} AND agency = {q.Value(claim.Agency)} "
                + $"AND operation = 1 AND tag = {q.Value(tag)} AND result = 'DONE'",
            row => AuditBlobs.ToSubjects(PostgresRows.Bytes(row, 0)),
            cancellationToken));

    /// <inheritdoc/>
    public Task<AuditVerification> VerifyAuditTailAsync(int entries, CancellationToken cancellationToken) => PostgresDatabase.RunAsync(
        database.Records,
        async (work, token) =>
        {
            await using var snapshot = await work.Connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, token);
            var tail = new AuditTail(options.AuditKey);
            var writers = await PostgresQuery.Of(_ =>
                "SELECT writer, base_number, base_hash, base_seal, head_number, head_hash, head_seal, place_seal "
                + $"FROM audit_writer WHERE head_number > 0 ORDER BY writer DESC LIMIT {AuditTail.Chains}")
                .ToListAsync(work.Connection, PostgresAudit.Writer, token);
            foreach (var writer in writers)
            {
                tail.Read(writer, await PostgresQuery.Of(q => $"SELECT {PostgresRows.AuditColumns("e")} FROM audit e "
                    + $"WHERE e.writer = {q.Value(writer.Writer)} AND e.number > {q.Value(writer.HeadNumber - entries)} ORDER BY e.number")
                    .ToListAsync(work.Connection, row => PostgresRows.AuditEntry(row, 0), token));
            }

            await snapshot.CommitAsync(token);
            return tail.Result;
        },
        cancellationToken);

    private static OverlapRow ProgressRow(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetBoolean(1), row.GetBoolean(2), row.GetBoolean(3), row.GetString(4), row.GetString(5),
        (Disclosure)row.GetInt16(6), (Disclosure)row.GetInt16(7));

    private static Task<List<AlertPlace>> AlertsAsync(NpgsqlConnection connection, Guid overlapId, CancellationToken cancellationToken) =>
        PostgresQuery.Of(q =>
            "SELECT l.to_agency, l.position, coalesce(f.acknowledged, 0) FROM alert l LEFT JOIN feed f ON f.agency = l.to_agency "
                + $"WHERE l.id >= {q.Value(OverlapRow.StartOfAlerts(overlapId))} AND l.id < {q.Value(OverlapRow.EndOfAlerts(overlapId))} "
            + $"AND l.overlap_id = {q.Value(overlapId)} AND l.kind = 1").ToListAsync(
            connection, row => new AlertPlace(row.GetString(0), row.IsDBNull(1) ? null : row.GetInt64(1), row.GetInt64(2)), cancellationToken);

    private static async Task<SampledIdentifier?> CompleteAsync(
        NpgsqlConnection connection, SampledIdentifier identifier, int mostClaims, CancellationToken cancellationToken)
    {
        var live = await PostgresQuery.Of(q => $"SELECT {PostgresRows.ClaimColumns("c")} FROM claim c "
            + $"WHERE c.identifier_id = {q.Value(identifier.Id)} AND c.end_reason = 0 LIMIT {q.Value(mostClaims + 1)}")
            .ToListAsync(connection, row => PostgresRows.Claim(row, 0), cancellationToken);
        if (live.Count > mostClaims)
        {
            return null;
        }

        var overlaps = await PostgresQuery.Of(q =>
        {
            var ids = q.Value([.. live.Select(claim => claim.Id)]);
            return $"SELECT o.identifier_id, {PostgresRows.OverlapColumns("o")} FROM overlap o WHERE o.claim_a = ANY ({ids}) OR o.claim_b = ANY ({ids})";
        }).ToListAsync(connection, row => new SampledOverlap(row.GetGuid(0), PostgresRows.Overlap(row, 1)), cancellationToken);
        return identifier with { Live = live, Overlaps = overlaps };
    }
}
