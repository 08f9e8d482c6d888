using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Ledger.Feeds;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>Pages of many feeds in one round trip: where a hundred agencies are connected, each alert is one agency's next page.</summary>
internal static class PostgresFeeds
{
    /// <summary>$1 agencies, $2 positions, $3 how many at most; n is the query's place among them.</summary>
    public static readonly string ReadFeeds =
        $"SELECT u.n, l.position, {PostgresRows.AlertColumns("l")}, {PostgresRows.ClaimColumns("own")}, {PostgresRows.OverlapColumns("o")}, "
        + $"{PostgresRows.ClaimColumns("a")}, {PostgresRows.ClaimColumns("b")}, {PostgresRows.ClaimColumns("f")} "
        + "FROM unnest($1::text[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS u (agency, after, most, n) "
        + "CROSS JOIN LATERAL (SELECT * FROM alert WHERE to_agency = u.agency AND position > u.after ORDER BY position LIMIT u.most) l "
        + "LEFT JOIN claim own ON own.id = l.claim_id LEFT JOIN overlap o ON o.id = l.overlap_id "
        + "LEFT JOIN claim a ON a.id = o.claim_a LEFT JOIN claim b ON b.id = o.claim_b LEFT JOIN claim f ON f.id = l.from_claim_id "
        + "ORDER BY u.n, l.position";

    /// <summary>$1 agencies, $2 of no use here, $3 how many at most.</summary>
    public static readonly string ReadUnnumbered =
        $"SELECT u.n, {PostgresRows.AlertColumns("l")} "
        + "FROM unnest($1::text[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS u (agency, after, most, n) "
        + "CROSS JOIN LATERAL (SELECT * FROM alert WHERE to_agency = u.agency AND position IS NULL ORDER BY id LIMIT u.most) l "
        + "ORDER BY u.n, l.id";

    /// <summary>Reads a group of pages.</summary>
    public static Task<IReadOnlyList<IReadOnlyList<FeedEntry>>> ReadFeedsAsync(
        NpgsqlConnection connection, IReadOnlyList<FeedQuery> feeds, CancellationToken cancellationToken) =>
        ReadAsync(connection, ReadFeeds, feeds, Entry, cancellationToken);

    /// <summary>Reads a group's alerts that have no position.</summary>
    public static Task<IReadOnlyList<IReadOnlyList<Alert>>> ReadUnnumberedAsync(
        NpgsqlConnection connection, IReadOnlyList<FeedQuery> agencies, CancellationToken cancellationToken) =>
        ReadAsync(connection, ReadUnnumbered, agencies, static row => PostgresRows.Alert(row, 1), cancellationToken);

    private static async Task<IReadOnlyList<IReadOnlyList<T>>> ReadAsync<T>(
        NpgsqlConnection connection, string sql, IReadOnlyList<FeedQuery> group, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        PostgresTables.Feeds.AddTo(batch, sql, group);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var found = new List<T>?[group.Count];
        while (await reader.ReadAsync(cancellationToken))
        {
            (found[checked((int)reader.GetInt64(0) - 1)] ??= []).Add(read(reader));
        }

        return [.. found.Select(static page => (IReadOnlyList<T>?)page ?? [])];
    }

    private static FeedEntry Entry(NpgsqlDataReader row)
    {
        const int own = 2 + PostgresRows.AlertWidth;
        const int overlap = own + PostgresRows.ClaimWidth;
        const int first = overlap + PostgresRows.OverlapWidth;
        const int second = first + PostgresRows.ClaimWidth;
        var isWhole = !row.IsDBNull(overlap) && !row.IsDBNull(first) && !row.IsDBNull(second);
        return new FeedEntry(
            row.GetInt64(1),
            PostgresRows.Alert(row, 2),
            ClaimOrNull(row, own),
            isWhole ? PostgresRecords.View(row, overlap) : null,
            ClaimOrNull(row, second + PostgresRows.ClaimWidth));
    }

    private static Claim? ClaimOrNull(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : PostgresRows.Claim(row, at);
}
