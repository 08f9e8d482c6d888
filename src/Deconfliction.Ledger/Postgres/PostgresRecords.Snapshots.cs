using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Snapshots;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

internal sealed partial class PostgresRecords
{
    /// <inheritdoc/>
    public Task<LongIdentifierRecord?> LoadLongAsync(Tag tag, long? after, CancellationToken cancellationToken) =>
        PostgresDatabase.ReadAsync(
            database.Loads,
            async (work, token) =>
            {
                // One statement sees one instant. Each kind of end is a stretch of the index by itself.
                var rows = await PostgresQuery.Of(q => "SELECT i.id, i.version, i.hazard, i.crowd, h.history, h.purged_before, "
                    + $"{PostgresRows.ClaimColumns("c")} FROM (SELECT * FROM identifier WHERE tag = {q.Value(tag)} OFFSET 0) i "
                    + "CROSS JOIN LATERAL (SELECT * FROM ledger_history WHERE one = 1) h LEFT JOIN LATERAL ("
                    + (after is { } version ? Tail(q.Value(version)) : Claims("end_reason = 0")) + " OFFSET 0) c ON true")
                    .ToListAsync(work.Connection, Read, token);
                return rows.Count == 0 ? null : rows[0].Head with { Claims = [.. rows.Select(row => row.Claim).OfType<Claim>()] };
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<StoredSnapshot?> ReadSnapshotAsync(Tag tag, CancellationToken cancellationToken) => PostgresDatabase.ReadAsync(
        database.Loads,
        async (work, token) => SnapshotParts.Join(await PostgresQuery.Of(q =>
            $"SELECT part, parts, version, earliest_end, data FROM snapshot WHERE tag = {q.Value(tag)} ORDER BY part")
            .ToListAsync(
                work.Connection,
                row => new SnapshotPart(
                    row.GetInt32(0), row.GetInt32(1), row.GetInt64(2), PostgresRows.Time(row, 3), PostgresRows.Bytes(row, 4)),
                token)),
        cancellationToken);

    /// <inheritdoc/>
    public Task WriteSnapshotAsync(Tag tag, StoredSnapshot snapshot, CancellationToken cancellationToken) => PostgresDatabase.RunAsync(
        database.Records,
        async (work, token) =>
        {
            // Written anew after an unknown outcome, it is the same.
            var parts = SnapshotParts.Of(snapshot);
            await using var transaction = await work.Connection.BeginTransactionAsync(token);
            foreach (var part in parts)
            {
                await PostgresQuery.Of(q => "INSERT INTO snapshot (tag, part, parts, version, earliest_end, data) VALUES "
                    + $"({q.Value(tag)}, {q.Value(part.Part)}, {q.Value(part.Parts)}, {q.Value(part.Version)}, {q.Value(part.EarliestEnd)}, "
                    + $"{q.Value(part.Data.ToArray())}) ON CONFLICT (tag, part) DO UPDATE SET parts = EXCLUDED.parts, "
                    + "version = EXCLUDED.version, earliest_end = EXCLUDED.earliest_end, data = EXCLUDED.data")
                    .RunAsync(work.Connection, token);
            }

            await PostgresQuery.Of(q => $"DELETE FROM snapshot WHERE tag = {q.Value(tag)} AND part >= {q.Value(parts.Count)}")
                .RunAsync(work.Connection, token);
            await transaction.CommitAsync(token);
            return true;
        },
        cancellationToken);

    private static (LongIdentifierRecord Head, Claim? Claim) Read(NpgsqlDataReader row) => (
        new LongIdentifierRecord(
            row.GetGuid(0), row.GetInt64(1), PostgresRows.TextOrNull(row, 2), row.GetBoolean(3), row.GetGuid(4), PostgresRows.Time(row, 5), []),
        row.IsDBNull(6) ? null : PostgresRows.Claim(row, 6));

    private static string Tail(string version) => "SELECT * FROM ("
        + string.Join(" UNION ALL ", Enumerable.Range(0, 3).Select(end => Claims($"end_reason = {end} AND version > {version}"))) + ") tail";

    private static string Claims(string which) => $"SELECT * FROM claim WHERE identifier_id = i.id AND {which}";
}
