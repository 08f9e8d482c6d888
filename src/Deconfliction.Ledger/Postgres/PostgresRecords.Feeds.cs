using Deconfliction.Domain.Agencies;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Ledger.Postgres;

internal sealed partial class PostgresRecords
{
    /// <inheritdoc/>
    public async Task<FeedBounds> ReadFeedBoundsAsync(AgencyId agency, CancellationToken cancellationToken)
    {
        // One snapshot. A numbered alert is older than those still without a position.
        var found = await FirstAsync<FeedBounds?>(
            q =>
            {
                var to = q.Value(agency);
                return "SELECT f.head, f.acknowledged, f.oldest_kept, coalesce("
                    + $"(SELECT created_at FROM alert WHERE to_agency = {to} AND position = f.acknowledged + 1), "
                    + $"(SELECT created_at FROM alert WHERE to_agency = {to} AND position IS NULL ORDER BY id LIMIT 1)) "
                    + "FROM (SELECT coalesce(max(head), 0) AS head, coalesce(max(acknowledged), 0) AS acknowledged, "
                    + $"coalesce(max(oldest_kept), 1) AS oldest_kept FROM feed WHERE agency = {to}) f";
            },
            row => new FeedBounds(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), PostgresRows.TimeOrNull(row, 3)),
            cancellationToken);
        return found!.Value;
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<AgencyId>> FindUnnumberedAgenciesAsync(int limit, CancellationToken cancellationToken) => ListAsync(
        // From one agency to the next by the index: as many steps as agencies, however many alerts wait.
        q => "WITH RECURSIVE next AS ("
            + "(SELECT to_agency FROM alert WHERE position IS NULL ORDER BY to_agency LIMIT 1) UNION ALL "
            + "SELECT (SELECT a.to_agency FROM alert a WHERE a.position IS NULL AND a.to_agency > next.to_agency "
            + "ORDER BY a.to_agency LIMIT 1) FROM next WHERE next.to_agency IS NOT NULL) "
            + $"SELECT to_agency FROM next WHERE to_agency IS NOT NULL LIMIT {q.Value(limit)}",
        row => AgencyId.Parse(row.GetString(0)),
        cancellationToken);
}
