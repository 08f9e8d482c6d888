using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Ledger.Feeds;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

internal sealed partial class PostgresRecords
{
    private static readonly string ReadFeedSql =
        $"SELECT l.position, {PostgresRows.AlertColumns("l")}, {PostgresRows.ClaimColumns("own")}, {PostgresRows.OverlapColumns("o")}, "
        + $"{PostgresRows.ClaimColumns("a")}, {PostgresRows.ClaimColumns("b")}, {PostgresRows.ClaimColumns("f")} "
        + "FROM alert l LEFT JOIN claim own ON own.id = l.claim_id LEFT JOIN overlap o ON o.id = l.overlap_id "
        + "LEFT JOIN claim a ON a.id = o.claim_a LEFT JOIN claim b ON b.id = o.claim_b LEFT JOIN claim f ON f.id = l.from_claim_id";

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
    public Task<IReadOnlyList<Alert>> ReadUnnumberedAsync(AgencyId agency, int limit, CancellationToken cancellationToken) => ListAsync(
        q => $"SELECT {PostgresRows.AlertColumns("l")} FROM alert l WHERE l.to_agency = {q.Value(agency)} AND l.position IS NULL "
            + $"ORDER BY l.id LIMIT {q.Value(limit)}",
        row => PostgresRows.Alert(row, 0),
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FeedEntry>> ReadFeedAsync(
        AgencyId agency, long after, int limit, CancellationToken cancellationToken) => ListAsync(
        q => $"{ReadFeedSql} WHERE l.to_agency = {q.Value(agency)} AND l.position > {q.Value(after)} "
            + $"ORDER BY l.position LIMIT {q.Value(limit)}",
        Entry,
        cancellationToken);

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

    private static FeedEntry Entry(NpgsqlDataReader row)
    {
        const int own = 1 + PostgresRows.AlertWidth;
        const int view = own + PostgresRows.ClaimWidth;
        return new FeedEntry(
            row.GetInt64(0),
            PostgresRows.Alert(row, 1),
            ClaimOrNull(row, own),
            row.IsDBNull(view) || row.IsDBNull(view + PostgresRows.OverlapWidth)
                || row.IsDBNull(view + PostgresRows.OverlapWidth + PostgresRows.ClaimWidth) ? null : View(row, view),
            ClaimOrNull(row, view + ViewWidth));
    }

    private static Claim? ClaimOrNull(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : PostgresRows.Claim(row, at);
}
