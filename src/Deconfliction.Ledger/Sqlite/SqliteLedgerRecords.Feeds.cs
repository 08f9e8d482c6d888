using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Ledger.Sqlite;

internal sealed partial class SqliteLedgerRecords
{
    private static readonly string ReadFeedSql = $"""
        SELECT l.position, {SqliteRows.AlertColumns}, {SqliteRows.ClaimColumns("own")}, {SqliteRows.OverlapColumns("o")},
          {SqliteRows.ClaimColumns("a")}, {SqliteRows.ClaimColumns("b")}, {SqliteRows.ClaimColumns("f")}
        FROM alert l
          LEFT JOIN claim own ON own.id = l.claim_id
          LEFT JOIN overlap o ON o.id = l.overlap_id
          LEFT JOIN claim a ON a.id = o.claim_a
          LEFT JOIN claim b ON b.id = o.claim_b
          LEFT JOIN claim f ON f.id = l.from_claim_id
        WHERE l.to_agency = ? AND l.position > ? AND l.position IS NOT NULL ORDER BY l.position LIMIT ?
        """;

    /// <inheritdoc/>
    public Task<FeedBounds> ReadFeedBoundsAsync(AgencyId agency, CancellationToken cancellationToken) => database.ReadAsync(
        session =>
        {
            if (!session.Prepare("SELECT head, acknowledged, oldest_kept FROM feed WHERE agency = ?").Bind(agency)
                .TryFirst(static row => (Head: row.Long(), Acknowledged: row.Long(), OldestKept: row.Long()), out var feed))
            {
                feed = (0, 0, 1);
            }

            // Numbered alerts are older than those still without a position.
            var isWaiting =
                session.Prepare("SELECT created_at FROM alert WHERE to_agency = ? AND position = ?")
                    .Bind(agency).Bind(feed.Acknowledged + 1).TryFirst(static row => row.Time(), out var oldest)
                || session.Prepare("SELECT created_at FROM alert WHERE to_agency = ? AND position IS NULL ORDER BY id LIMIT 1")
                    .Bind(agency).TryFirst(static row => row.Time(), out oldest);
            return new FeedBounds(feed.Head, feed.Acknowledged, feed.OldestKept, isWaiting ? oldest : null);
        },
        cancellationToken);

    /// <summary>The first alerts without a position, by id.</summary>
    internal static IReadOnlyList<Alert> ReadUnnumbered(SqliteSession session, FeedQuery query) =>
        session.Prepare($"SELECT {SqliteRows.AlertColumns} FROM alert l WHERE l.to_agency = ? AND l.position IS NULL ORDER BY l.id LIMIT ?")
            .Bind(query.Agency).Bind(query.Limit).ToList(SqliteRows.Alert);

    /// <summary>A page of a feed.</summary>
    internal static IReadOnlyList<FeedEntry> ReadFeed(SqliteSession session, FeedQuery query) =>
        session.Prepare(ReadFeedSql).Bind(query.Agency).Bind(query.After).Bind(query.Limit).ToList(static row => new FeedEntry(
            row.Long(),
            SqliteRows.Alert(row),
            SqliteRows.ClaimOrNull(row),
            SqliteRows.ViewOrNull(row),
            SqliteRows.ClaimOrNull(row)));

    /// <inheritdoc/>
    public Task<IReadOnlyList<AgencyId>> FindUnnumberedAgenciesAsync(int limit, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<AgencyId>>(
            session =>
            {
                // From one agency to the next by the index: as many steps as agencies, however many alerts wait.
                var next = session.Prepare("SELECT min(to_agency) FROM alert WHERE position IS NULL AND to_agency > ?");
                var agencies = new List<AgencyId>();
                string? found = "";
                while (agencies.Count < limit)
                {
                    next.Bind(found).TryFirst(static row => row.TextOrNull(), out found);
                    if (found is null)
                    {
                        break;
                    }

                    agencies.Add(AgencyId.Parse(found));
                }

                return agencies;
            },
            cancellationToken);
}
