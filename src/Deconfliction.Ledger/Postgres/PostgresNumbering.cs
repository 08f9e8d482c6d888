using Deconfliction.Ledger.Appending;
using Npgsql;
using NpgsqlTypes;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// Numbers alerts of a group of agencies in one transaction of two round trips: the feeds are locked in the order of their names,
/// then read; who finds another head than expected, or an alert that has a position, loses and harms nobody.
/// </summary>
internal static class PostgresNumbering
{
    public const string AddFeeds =
        "INSERT INTO feed (agency, acknowledged, head, oldest_kept) SELECT u, 0, 0, 1 FROM unnest($1::text[]) u ON CONFLICT DO NOTHING";

    public const string LockFeeds =
        "SELECT f.agency, f.head FROM unnest($1::text[]) u "
        + "CROSS JOIN LATERAL (SELECT * FROM feed WHERE agency = u OFFSET 0 FOR UPDATE) f";

    public const string FindUnnumbered =
        "SELECT a.id, a.to_agency FROM unnest($1::uuid[]) u "
        + "CROSS JOIN LATERAL (SELECT * FROM alert WHERE id = u AND position IS NULL OFFSET 0) a";

    public static readonly string SetPositions =
        $"UPDATE alert a SET position = u.position FROM {PostgresTables.Positions.Table("u")} WHERE a.id = u.id";

    public static readonly string MoveHeads =
        $"UPDATE feed f SET head = u.head FROM {PostgresTables.Heads.Table("u")} WHERE f.agency = u.agency";

    /// <summary>Numbers a group.</summary>
    public static async Task<IReadOnlyList<bool>> RunAsync(
        PostgresWork work, IReadOnlyList<Numbering> group, CancellationToken cancellationToken)
    {
        var (heads, unnumbered) = await AskAsync(work.Connection, group, cancellationToken);
        var won = new bool[group.Count];
        var positions = new List<PositionRow>();
        for (var i = 0; i < won.Length; i++)
        {
            var numbering = group[i];
            var agency = numbering.Agency.Value;
            won[i] = heads[agency] == numbering.First - 1
                && numbering.AlertIds.Distinct().Count() == numbering.AlertIds.Count
                && numbering.AlertIds.All(id => unnumbered.Contains((id, agency)));
            if (!won[i])
            {
                continue;
            }

            for (var place = 0; place < numbering.AlertIds.Count; place++)
            {
                unnumbered.Remove((numbering.AlertIds[place], agency));
                positions.Add(new PositionRow(numbering.AlertIds[place], numbering.First + place));
            }

            heads[agency] = numbering.First + numbering.AlertIds.Count - 1;
        }

        await WriteAsync(work, positions, [.. heads.Select(head => new HeadRow(head.Key, head.Value))], cancellationToken);
        return won;
    }

    private static async Task<(SortedDictionary<string, long> Heads, HashSet<(Guid Id, string Agency)> Unnumbered)> AskAsync(
        NpgsqlConnection connection, IReadOnlyList<Numbering> group, CancellationToken cancellationToken)
    {
        string[] agencies = [.. group.Select(numbering => numbering.Agency.Value).Distinct().Order(StringComparer.Ordinal)];
        Guid[] ids = [.. group.SelectMany(numbering => numbering.AlertIds).Distinct()];
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand(PostgresStatements.Begin),
                With(AddFeeds, agencies, NpgsqlDbType.Text),
                With(LockFeeds, agencies, NpgsqlDbType.Text),
                With(FindUnnumbered, ids, NpgsqlDbType.Uuid),
            },
        };
        var heads = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var unnumbered = new HashSet<(Guid, string)>();
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            heads.Add(reader.GetString(0), reader.GetInt64(1));
        }

        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            unnumbered.Add((reader.GetGuid(0), reader.GetString(1)));
        }

        return (heads, unnumbered);
    }

    private static async Task WriteAsync(
        PostgresWork work, List<PositionRow> positions, List<HeadRow> heads, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(work.Connection);
        if (positions.Count > 0)
        {
            batch.BatchCommands.Add(PostgresTables.Positions.Bind(SetPositions, positions));
            batch.BatchCommands.Add(PostgresTables.Heads.Bind(MoveHeads, heads));
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand(PostgresStatements.Commit));
        work.CommitSent = true;
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand With<T>(string sql, T[] values, NpgsqlDbType type) => new(sql)
    {
        Parameters = { new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type } },
    };
}
