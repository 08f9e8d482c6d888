using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Snapshots;

namespace Deconfliction.Ledger.Sqlite;

internal sealed partial class SqliteLedgerRecords
{
    private static readonly string LoadAllSql = LongSql("c.end_reason = 0 AND c.version > ?");

    private static readonly string LoadTailSql = LongSql("c.end_reason IN (0, 1, 2) AND c.version > ?");

    /// <inheritdoc/>
    public Task<LongIdentifierRecord?> LoadLongAsync(Tag tag, long? after, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            var rows = session.Prepare(after is null ? LoadAllSql : LoadTailSql).Bind(after ?? -1).Bind(tag).ToList(static row =>
                (Head: new LongIdentifierRecord(row.Id(), row.Long(), row.TextOrNull(), row.Bool(), row.Id(), row.Time(), []),
                    Claim: SqliteRows.ClaimOrNull(row)));
            return rows.Count == 0 ? null : rows[0].Head with { Claims = [.. rows.Select(row => row.Claim).OfType<Claim>()] };
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<StoredSnapshot?> ReadSnapshotAsync(Tag tag, CancellationToken cancellationToken) => database.ReadAsync(
        session => SnapshotParts.Join(
            session.Prepare("SELECT part, parts, version, earliest_end, data FROM snapshot WHERE tag = ? ORDER BY part").Bind(tag)
                .ToList(static row => new SnapshotPart(row.Int(), row.Int(), row.Long(), row.Time(), row.Bytes().ToArray()))),
        cancellationToken);

    /// <inheritdoc/>
    public async Task WriteSnapshotAsync(Tag tag, StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        var parts = SnapshotParts.Of(snapshot);
        foreach (var part in parts)
        {
            await database.WriteAsync(
                session => session.Prepare("""
                    INSERT INTO snapshot (tag, part, parts, version, earliest_end, data) VALUES (?, ?, ?, ?, ?, ?)
                    ON CONFLICT (tag, part) DO UPDATE SET parts = excluded.parts, version = excluded.version,
                      earliest_end = excluded.earliest_end, data = excluded.data
                    """)
                    .Bind(tag).Bind(part.Part).Bind(part.Parts).Bind(part.Version).Bind(part.EarliestEnd).Bind(part.Data.Span).Run(),
                cancellationToken);
        }

        await database.WriteAsync(
            session => session.Prepare("DELETE FROM snapshot WHERE tag = ? AND part >= ?").Bind(tag).Bind(parts.Count).Run(),
            cancellationToken);
    }

    private static string LongSql(string which) => $"""
        SELECT i.id, i.version, i.hazard, i.crowd, h.history, h.purged_before, {SqliteRows.ClaimColumns("c")}
        FROM identifier i CROSS JOIN ledger_history h
          LEFT JOIN claim c ON c.identifier_id = i.id AND {which}
        WHERE i.tag = ?
        """;
}
