using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Ledger.Sqlite;

/// <summary>What is read from SQLite, or written to it, without a group: claims and overlaps here, the rest in the other parts.</summary>
internal sealed partial class SqliteLedgerRecords(SqliteDatabase database, LedgerOptions options) : ILedgerRecords
{
    private static readonly string OwnedClaimSql = $"""
        SELECT {SqliteRows.ClaimColumns("c")}, i.tag, i.hazard, i.crowd FROM claim c JOIN identifier i ON i.id = c.identifier_id
        """;

    private static readonly string OverlapSql = $"""
        SELECT {SqliteRows.OverlapColumns("o")}, {SqliteRows.ClaimColumns("a")}, {SqliteRows.ClaimColumns("b")}, i.tag, i.version
        FROM overlap o JOIN claim a ON a.id = o.claim_a JOIN claim b ON b.id = o.claim_b JOIN identifier i ON i.id = o.identifier_id
        """;

    private static readonly string ReadClaimSql = $"{OwnedClaimSql} WHERE c.id = ?";

    private static readonly string FindOverlapSql = $"{OverlapSql} WHERE o.id = ?1 AND (o.agency_a = ?2 OR o.agency_b = ?2)";

    /// <inheritdoc/>
    public Task<OwnedClaim?> FindClaimAsync(AgencyId agency, Guid claimId, CancellationToken cancellationToken) => database.ReadAsync(
        session => session.Prepare(ReadClaimSql).Bind(claimId).TryFirst(Owned, out var owned) && owned.Claim.Agency == agency
            ? owned
            : null,
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OwnedClaim>> ListClaimsAsync(ClaimQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<OwnedClaim>>(
            session =>
            {
                var sql = $"""
                    {OwnedClaimSql} WHERE c.agency = ?1 AND c.id > ?2
                    {(query.Case is null ? "" : "AND c.case_ref = ?4")} {(query.State is null ? "" : "AND c.end_reason = ?5")}
                    ORDER BY c.id LIMIT ?3
                    """;
                var statement = session.Prepare(sql).Bind(query.Agency).Bind(query.After ?? Guid.Empty).Bind(query.Limit);
                BindFilters(statement, query);
                return statement.ToList(Owned);
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OwnedClaim>> ReadClaimsAsync(IReadOnlyList<Guid> claimIds, CancellationToken cancellationToken) =>
        database.ReadAsync<IReadOnlyList<OwnedClaim>>(
            session =>
            {
                var statement = session.Prepare(ReadClaimSql);
                var claims = new List<OwnedClaim>(claimIds.Count);
                foreach (var id in claimIds)
                {
                    if (statement.Bind(id).TryFirst(Owned, out var owned))
                    {
                        claims.Add(owned);
                    }
                }

                return claims;
            },
            cancellationToken);

    /// <inheritdoc/>
    public Task<OverlapRecord?> FindOverlapAsync(AgencyId agency, Guid overlapId, CancellationToken cancellationToken) =>
        database.ReadAsync(
            session => session.Prepare(FindOverlapSql).Bind(overlapId).Bind(agency).TryFirst(Overlap, out var found) ? found : null,
            cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OverlapRecord>> ListOverlapsAsync(OverlapQuery query, CancellationToken cancellationToken) =>
        database.ReadAsync(session => ListOverlaps(session, query), cancellationToken);

    /// <summary>A page of overlaps.</summary>
    internal static IReadOnlyList<OverlapRecord> ListOverlaps(SqliteSession session, OverlapQuery query)
    {
        // Each side has its own ordered index; no overlap has one agency on both.
        var sides = query.FoundByOwnClaim
            ? $"SELECT id FROM ({OneSide("b", query)})"
            : $"SELECT id FROM ({OneSide("a", query)}) UNION ALL SELECT id FROM ({OneSide("b", query)})";
        var statement = session.Prepare($"{OverlapSql} WHERE o.id IN (SELECT id FROM ({sides}) ORDER BY id LIMIT ?3) ORDER BY o.id")
            .Bind(query.Agency).Bind(query.After ?? Guid.Empty).Bind(query.Limit);
        BindFilters(statement, query);
        return statement.ToList(Overlap);
    }

    private static string OneSide(string side, OverlapQuery query) => $"""
        SELECT id FROM overlap o WHERE agency_{side} = ?1 AND id > ?2
        {(query.OwnClaim is null ? "" : $"AND claim_{side} = ?4")}
        {(query.Case is null ? "" : $"AND claim_{side} IN (SELECT id FROM claim WHERE agency = ?1 AND case_ref = ?5)")}
        {(query.OnlySeen ? $"AND {SeenSides.Condition(side)}" : "")}
        {(query.SeenMoreAs is { } disclosure ? $"AND {SeenSides.MoreCondition(side, disclosure)}" : "")}
        ORDER BY id LIMIT ?3
        """;

    private static OwnedClaim Owned(SqliteStatement row) => new(SqliteRows.Claim(row), row.Tag(), row.TextOrNull(), row.Bool());

    private static OverlapRecord Overlap(SqliteStatement row) => new(SqliteRows.View(row), row.Tag(), row.Long());

    // A parameter that the text does not name has no number beyond the last that it does.
    private static void BindFilters(SqliteStatement statement, ClaimQuery query)
    {
        if (query.Case is not null || query.State is not null)
        {
            statement.Bind(query.Case);
        }

        if (query.State is { } state)
        {
            statement.Bind((int)state);
        }
    }

    private static void BindFilters(SqliteStatement statement, OverlapQuery query)
    {
        if (query.OwnClaim is not null || query.Case is not null)
        {
            statement.Bind(query.OwnClaim);
        }

        if (query.Case is not null)
        {
            statement.Bind(query.Case);
        }
    }
}
