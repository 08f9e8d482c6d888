using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Ledger.Sqlite;

internal sealed partial class SqliteLedgerRecords
{
    private static readonly string ListIdentifiersSql = $"""
        SELECT i.tag, i.hazard, {SqliteRows.ClaimColumns("c")}
        FROM identifier i
          JOIN claim c ON c.id = (SELECT l.id FROM claim l WHERE l.identifier_id = i.id AND l.end_reason = 0 ORDER BY l.version LIMIT 1)
        WHERE i.tag > ? ORDER BY i.tag LIMIT ?
        """;

    /// <inheritdoc/>
    public Task<RecordedRequest?> FindRequestAsync(AgencyId agency, Guid requestId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => SqliteAuditRecords.FindRequest(session, new RequestKey(agency, requestId)), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuditEntry>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AuditEntry>>(session => SqliteAuditRecords.List(session, query), cancellationToken);

    /// <inheritdoc/>
    public Task<AuditVerification> VerifyAuditAsync(CancellationToken cancellationToken) => database.ReadAsync(
        session => SqliteAuditRecords.Verify(session, options.AuditKey, cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AgencyRecord>> ListAgenciesAsync(CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AgencyRecord>>(
            session =>
            {
                var certificates = session.Prepare("""
                    SELECT agency, serial, not_before, not_after, revoked, expiry_announced FROM certificate ORDER BY not_before, serial
                    """)
                    .ToList(static row => (
                        Agency: row.Agency(),
                        Certificate: new CertificateRecord(row.Text(), row.Time(), row.Time(), row.Bool(), row.Bool())))
                    .ToLookup(row => row.Agency, row => row.Certificate);
                return session.Prepare("SELECT id, name, role, contact, revoked, created_at FROM agency ORDER BY id")
                    .ToList(row =>
                    {
                        var id = row.Agency();
                        return new AgencyRecord(
                            id, row.Text(), (AgencyRole)row.Int(), row.Text(), row.Bool(), row.Time(), [.. certificates[id]]);
                    });
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Tag>> FindDueAsync(
        DateTimeOffset expiredBy, DateTimeOffset noticeBy, SweepParts parts, int limit, CancellationToken cancellationToken)
    {
        // Past its expiry at the instant itself, but ending before the notice: IsLive's two sides.
        var unannouncedBefore = expiredBy < noticeBy ? noticeBy : expiredBy.AddMicroseconds(1);
        // Of a tag's first byte, which SQLite reads as two digits only.
        var of = parts.IsAll ? "" : $" AND EXISTS (SELECT 1 FROM identifier p WHERE p.id = identifier_id AND "
            + $"({(long)parts.Bits} >> ((16 * {Digit(1)} + {Digit(2)}) % {SweepParts.Count})) & 1 = 1)";
        return database.ReadAsync<IReadOnlyList<Tag>>(
            session => session.Prepare($"""
                SELECT DISTINCT i.tag
                FROM (
                  SELECT identifier_id FROM (
                    SELECT * FROM (SELECT identifier_id, expires_at FROM claim
                      WHERE end_reason = 0 AND expiry_announced = 1 AND expires_at <= ?1{of} ORDER BY expires_at LIMIT ?3)
                    UNION ALL
                    SELECT * FROM (SELECT identifier_id, expires_at FROM claim
                      WHERE end_reason = 0 AND expiry_announced = 0 AND expires_at < ?2{of} ORDER BY expires_at LIMIT ?3))
                  ORDER BY expires_at LIMIT ?3) due
                  JOIN identifier i ON i.id = due.identifier_id
                """)
                .Bind(expiredBy).Bind(unannouncedBefore).Bind(limit).ToList(static row => row.Tag()),
            cancellationToken);

        static string Digit(int place) => $"(instr('0123456789ABCDEF', substr(hex(p.tag), {place}, 1)) - 1)";
    }

    /// <inheritdoc/>
    public Task<int> PurgeAsync(
        DateTimeOffset endedBefore, DateTimeOffset auditBefore, int limit, CancellationToken cancellationToken) =>
        database.WriteAsync(
            session => new SqlitePurge(session, options.AuditKey, limit).Run(endedBefore, auditBefore), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<IdentifierSample>> ListIdentifiersAsync(Tag? after, int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<IdentifierSample>>(
            session =>
            {
                var statement = session.Prepare(ListIdentifiersSql);
                _ = after is { } tag ? statement.Bind(tag) : statement.Bind([]);
                return statement.Bind(limit)
                    .ToList(static row => new IdentifierSample(row.Tag(), row.TextOrNull(), SqliteRows.Claim(row)));
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<string?> ReadSettingAsync(string name, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.Prepare("SELECT value FROM setting WHERE name = ?").Bind(name).TryFirst(static row => row.Text(), out var value)
            ? value
            : null,
        cancellationToken);

    /// <inheritdoc/>
    public Task WriteSettingAsync(string name, string value, CancellationToken cancellationToken) => database.WriteAsync(
        session => session.Prepare(
            "INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .Bind(name).Bind(value).Run(),
        cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ReplaceSettingAsync(string name, string? expected, string value, CancellationToken cancellationToken) => database.WriteAsync(
        session => (expected is null
            ? session.Prepare("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING").Bind(name).Bind(value)
            : session.Prepare("UPDATE setting SET value = ? WHERE name = ? AND value = ?").Bind(value).Bind(name).Bind(expected)).Run() == 1,
        cancellationToken);

    /// <inheritdoc/>
    public Task<LedgerStatistics> ReadStatisticsAsync(CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            session.Prepare("""
                SELECT (SELECT count(*) FROM claim WHERE end_reason = 0), (SELECT count(*) FROM claim WHERE end_reason <> 0),
                  (SELECT count(*) FROM identifier), (SELECT count(*) FROM overlap), (SELECT count(*) FROM alert),
                  (SELECT coalesce(sum(head_number - base_number), 0) FROM audit_writer), (SELECT max(number) FROM schema_migration)
                """)
                .TryFirst(
                    row => new LedgerStatistics(
                        row.Long(), row.Long(), row.Long(), row.Long(), row.Long(), row.Long(), SizeOfStore(), row.Int()),
                    out var statistics);
            return statistics;
        },
        cancellationToken);

    private long SizeOfStore()
    {
        var log = new FileInfo(database.Path + "-wal");
        return new FileInfo(database.Path).Length + (log.Exists ? log.Length : 0);
    }
}
