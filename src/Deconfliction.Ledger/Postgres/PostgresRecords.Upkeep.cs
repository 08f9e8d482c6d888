using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Ledger.Postgres;

internal sealed partial class PostgresRecords
{
    /// <inheritdoc/>
    public Task<RecordedRequest?> FindRequestAsync(AgencyId agency, Guid requestId, CancellationToken cancellationToken) => FirstAsync(
        q => "SELECT agency, request_id, operation, payload_hash, subjects, result, at FROM audit "
            + $"WHERE agency = {q.Value(agency)} AND request_id = {q.Value(requestId)}",
        Request,
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuditEntry>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken) => ListAsync(
        q => $"SELECT {PostgresRows.AuditColumns("e")} FROM audit e WHERE true"
            + (query.After is { } after ? After(q, after) : "")
            + (query.Agency is { } agency ? $" AND e.agency = {q.Value(agency)}" : "")
            + (query.Case is { } wanted ? $" AND e.case_ref = {q.Value(wanted)}" : "")
            + (query.From is { } from ? $" AND e.at >= {q.Value(from)}" : "")
            + (query.Until is { } until ? $" AND e.at < {q.Value(until)}" : "")
            + $" ORDER BY e.at, e.writer, e.number LIMIT {q.Value(query.Limit)}",
        row => PostgresRows.AuditEntry(row, 0),
        cancellationToken);

    // The time alone first: the index has no more.
    private static string After(PostgresQuery query, AuditCursor after)
    {
        var at = query.Value(after.At);
        return $" AND e.at >= {at} AND (e.at, e.writer, e.number) > ({at}, {query.Value(after.Writer)}, {query.Value(after.Number)})";
    }

    /// <inheritdoc/>
    public Task<AuditVerification> VerifyAuditAsync(CancellationToken cancellationToken) => PostgresDatabase.RunAsync(
        database.Records,
        (work, token) => PostgresAudit.VerifyAsync(work.Connection, options.AuditKey, token),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AgencyRecord>> ListAgenciesAsync(CancellationToken cancellationToken) =>
        PostgresDatabase.ReadAsync<IReadOnlyList<AgencyRecord>>(
            database.Records,
            async (work, token) =>
            {
                // Certificates first: an agency that is saved in between comes without a new one rather than one without its agency.
                var certificates = await PostgresQuery.Of(_ =>
                    "SELECT agency, serial, not_before, not_after, revoked, expiry_announced FROM certificate ORDER BY not_before, serial")
                    .ToListAsync(
                        work.Connection,
                        row => (Agency: row.GetString(0), Certificate: new CertificateRecord(
                            row.GetString(1), PostgresRows.Time(row, 2), PostgresRows.Time(row, 3), row.GetBoolean(4), row.GetBoolean(5))),
                        token);
                var byAgency = certificates.ToLookup(row => row.Agency, row => row.Certificate);
                return await PostgresQuery.Of(_ => "SELECT id, name, role, contact, revoked, created_at FROM agency ORDER BY id")
                    .ToListAsync(
                        work.Connection,
                        row => new AgencyRecord(
                            AgencyId.Parse(row.GetString(0)), row.GetString(1), (AgencyRole)row.GetInt16(2), row.GetString(3),
                            row.GetBoolean(4), PostgresRows.Time(row, 5), [.. byAgency[row.GetString(0)]]),
                        token);
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Tag>> FindDueAsync(
        DateTimeOffset expiredBy, DateTimeOffset noticeBy, SweepParts parts, int limit, CancellationToken cancellationToken)
    {
        // Past its expiry at the instant itself, but ending before the notice: IsLive's two sides.
        var unannouncedBefore = expiredBy < noticeBy ? noticeBy : expiredBy.AddMicroseconds(1);
        return ListAsync(
            q =>
            {
                var (expired, notice, most) = (q.Value(expiredBy), q.Value(unannouncedBefore), q.Value(limit));
                var of = parts.IsAll
                    ? ""
                    : $" AND EXISTS (SELECT FROM identifier p WHERE p.id = identifier_id AND ({q.Value((long)parts.Bits)} >> (get_byte(p.tag, 0) % {SweepParts.Count})) & 1 = 1)";
                return "SELECT DISTINCT i.tag FROM (SELECT identifier_id FROM ("
                    + "(SELECT identifier_id, expires_at FROM claim WHERE end_reason = 0 AND expiry_announced "
                    + $"AND expires_at <= {expired}{of} ORDER BY expires_at LIMIT {most}) UNION ALL "
                    + "(SELECT identifier_id, expires_at FROM claim WHERE end_reason = 0 AND NOT expiry_announced "
                    + $"AND expires_at < {notice}{of} ORDER BY expires_at LIMIT {most})) both_sides "
                    + $"ORDER BY expires_at LIMIT {most}) due JOIN identifier i ON i.id = due.identifier_id";
            },
            row => PostgresRows.Tag(row, 0),
            cancellationToken);
    }

    /// <inheritdoc/>
    public Task<int> PurgeAsync(
        DateTimeOffset endedBefore, DateTimeOffset auditBefore, int limit, CancellationToken cancellationToken) =>
        PostgresDatabase.RunAsync(
            database.Records,
            (work, token) => new PostgresPurge(work, options.AuditKey, limit).RunAsync(endedBefore, auditBefore, token),
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<IdentifierSample>> ListIdentifiersAsync(Tag? after, int limit, CancellationToken cancellationToken) =>
        ListAsync(
            q => $"SELECT i.tag, i.hazard, {PostgresRows.ClaimColumns("c")} FROM identifier i CROSS JOIN LATERAL "
                + "(SELECT * FROM claim WHERE identifier_id = i.id AND end_reason = 0 ORDER BY version LIMIT 1) c "
                + $"WHERE i.tag > {q.Value(after?.ToArray() ?? [])} ORDER BY i.tag LIMIT {q.Value(limit)}",
            row => new IdentifierSample(PostgresRows.Tag(row, 0), PostgresRows.TextOrNull(row, 1), PostgresRows.Claim(row, 2)),
            cancellationToken);

    /// <inheritdoc/>
    public Task<string?> ReadSettingAsync(string name, CancellationToken cancellationToken) =>
        FirstAsync(q => $"SELECT value FROM setting WHERE name = {q.Value(name)}", row => row.GetString(0), cancellationToken);

    /// <inheritdoc/>
    public Task WriteSettingAsync(string name, string value, CancellationToken cancellationToken) => PostgresDatabase.RunAsync(
        database.Records,
        (work, token) =>
        {
            // A statement by itself commits by itself.
            work.CommitSent = true;
            return PostgresQuery.Of(q => $"INSERT INTO setting (name, value) VALUES ({q.Value(name)}, {q.Value(value)}) "
                + "ON CONFLICT (name) DO UPDATE SET value = EXCLUDED.value").RunAsync(work.Connection, token);
        },
        cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> ReplaceSettingAsync(string name, string? expected, string value, CancellationToken cancellationToken) => await PostgresDatabase.RunAsync(
        database.Records,
        (work, token) =>
        {
            // A statement by itself commits by itself; and one that waited for another's change looks again at what that left.
            work.CommitSent = true;
            return PostgresQuery.Of(q => expected is null
                ? $"INSERT INTO setting (name, value) VALUES ({q.Value(name)}, {q.Value(value)}) ON CONFLICT (name) DO NOTHING"
                : $"UPDATE setting SET value = {q.Value(value)} WHERE name = {q.Value(name)} AND value = {q.Value(expected)}").RunAsync(work.Connection, token);
        },
        cancellationToken) == 1;

    /// <inheritdoc/>
    public async Task<LedgerStatistics> ReadStatisticsAsync(CancellationToken cancellationToken) => (await FirstAsync(
        _ => "SELECT (SELECT count(*) FROM claim WHERE end_reason = 0), (SELECT count(*) FROM claim WHERE end_reason <> 0), "
            + "(SELECT count(*) FROM identifier), (SELECT count(*) FROM overlap), (SELECT count(*) FROM alert), "
            + "(SELECT coalesce(sum(head_number - base_number), 0)::bigint FROM audit_writer), pg_database_size(current_database()), "
            + "(SELECT max(number) FROM schema_migration)",
        row => new LedgerStatistics(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
            row.GetInt32(7)),
        cancellationToken))!;
}
