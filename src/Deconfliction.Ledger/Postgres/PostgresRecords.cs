using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Domain.Deciding;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>What is read from PostgreSQL, or written to it, without a group: claims and overlaps here, the rest in the other parts.</summary>
internal sealed partial class PostgresRecords(PostgresDatabase database, LedgerOptions options) : ILedgerRecords
{
    private static readonly string OwnedClaimSql =
        $"SELECT {PostgresRows.ClaimColumns("c")}, i.tag, i.hazard, i.crowd FROM claim c JOIN identifier i ON i.id = c.identifier_id";

    internal static readonly string OverlapColumns =
        $"{PostgresRows.OverlapColumns("o")}, {PostgresRows.ClaimColumns("a")}, {PostgresRows.ClaimColumns("b")}, i.tag, i.version";

    internal const string OverlapJoins =
        "JOIN claim a ON a.id = o.claim_a JOIN claim b ON b.id = o.claim_b JOIN identifier i ON i.id = o.identifier_id";

    /// <inheritdoc/>
    public Task<OwnedClaim?> FindClaimAsync(AgencyId agency, Guid claimId, CancellationToken cancellationToken) => FirstAsync(
        q => $"{OwnedClaimSql} WHERE c.id = {q.Value(claimId)} AND c.agency = {q.Value(agency)}",
        PostgresRows.OwnedClaim,
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OwnedClaim>> ListClaimsAsync(ClaimQuery query, CancellationToken cancellationToken) => ListAsync(
        q => $"{OwnedClaimSql} WHERE c.agency = {q.Value(query.Agency)} AND c.id > {q.Value(query.After ?? Guid.Empty)}"
            + (query.Case is { } wanted ? $" AND c.case_ref = {q.Value(wanted)}" : "")
            + (query.State is { } state ? $" AND c.end_reason = {q.Value((int)state)}" : "")
            + $" ORDER BY c.id LIMIT {q.Value(query.Limit)}",
        PostgresRows.OwnedClaim,
        cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<OwnedClaim>> ReadClaimsAsync(IReadOnlyList<Guid> claimIds, CancellationToken cancellationToken)
    {
        var found = await ListAsync(
            q => $"{OwnedClaimSql} WHERE c.id = ANY ({q.Value([.. claimIds])})", PostgresRows.OwnedClaim, cancellationToken);
        var byId = found.ToDictionary(owned => owned.Claim.Id);
        return [.. claimIds.Where(byId.ContainsKey).Select(id => byId[id])];
    }

    /// <inheritdoc/>
    public Task<OverlapRecord?> FindOverlapAsync(AgencyId agency, Guid overlapId, CancellationToken cancellationToken) => FirstAsync(
        q =>
        {
            var (id, side) = (q.Value(overlapId), q.Value(agency));
            return $"SELECT {OverlapColumns} FROM overlap o {OverlapJoins} WHERE o.id = {id} AND (o.agency_a = {side} OR o.agency_b = {side})";
        },
        Overlap,
        cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<OverlapRecord>> ListOverlapsAsync(OverlapQuery query, CancellationToken cancellationToken) => ListAsync(
        q =>
        {
            // Each side has its own ordered index; no overlap has one agency on both.
            var places = new OverlapPlaces(
                q.Value(query.Agency),
                q.Value(query.After ?? Guid.Empty),
                q.Value(query.Limit),
                query.OwnClaim is { } claim ? q.Value(claim) : null,
                query.Case is { } wanted ? q.Value(wanted) : null,
                query.OnlySeen,
                query.SeenMoreAs);
            var sides = query.FoundByOwnClaim ? places.Side("b") : $"{places.Side("a")} UNION ALL {places.Side("b")}";
            return $"SELECT {OverlapColumns} FROM (SELECT * FROM ({sides}) sides ORDER BY id LIMIT {places.Limit}) o {OverlapJoins} ORDER BY o.id";
        },
        Overlap,
        cancellationToken);

    /// <summary>A row of <c>agency, request_id, operation, payload_hash, subjects, result, at</c>.</summary>
    internal static RecordedRequest Request(NpgsqlDataReader row) => new(
        AgencyId.Parse(row.GetString(0)),
        row.GetGuid(1),
        (Operation)row.GetInt16(2),
        PostgresRows.Bytes(row, 3),
        AuditBlobs.ToSubjects(PostgresRows.Bytes(row, 4)),
        row.GetString(5),
        PostgresRows.Time(row, 6));

    /// <summary>A row of <see cref="OverlapColumns"/> that begins at a column.</summary>
    internal static OverlapRecord Overlap(NpgsqlDataReader row, int at) =>
        new(View(row, at), PostgresRows.Tag(row, at + ViewWidth), row.GetInt64(at + ViewWidth + 1));

    private static OverlapRecord Overlap(NpgsqlDataReader row) => Overlap(row, 0);

    private const int ViewWidth = PostgresRows.OverlapWidth + (2 * PostgresRows.ClaimWidth);

    /// <summary>An overlap and its two claims, which begin at a column.</summary>
    internal static OverlapView View(NpgsqlDataReader row, int at) => new(
        PostgresRows.Overlap(row, at),
        PostgresRows.Claim(row, at + PostgresRows.OverlapWidth),
        PostgresRows.Claim(row, at + PostgresRows.OverlapWidth + PostgresRows.ClaimWidth));

    private Task<IReadOnlyList<T>> ListAsync<T>(
        Func<PostgresQuery, string> text, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        PostgresDatabase.ReadAsync<IReadOnlyList<T>>(
            database.Records,
            async (work, token) => await PostgresQuery.Of(text).ToListAsync(work.Connection, read, token),
            cancellationToken);

    private Task<T?> FirstAsync<T>(
        Func<PostgresQuery, string> text, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken) =>
        PostgresDatabase.ReadAsync(
            database.Records,
            (work, token) => PostgresQuery.Of(text).FirstAsync(work.Connection, read, token),
            cancellationToken);

    // Where the query's values stand.
    private sealed record OverlapPlaces(string Agency, string After, string Limit, string? OwnClaim, string? Case, bool OnlySeen, Disclosure? SeenMoreAs)
    {
        public string Side(string side) =>
            $"(SELECT * FROM overlap o WHERE agency_{side} = {Agency} AND id > {After}"
            + (OwnClaim is null ? "" : $" AND claim_{side} = {OwnClaim}")
            + (Case is null
                ? ""
                : $" AND EXISTS (SELECT FROM claim WHERE claim.id = claim_{side} AND claim.case_ref = {Case})")
            + (OnlySeen ? $" AND {SeenSides.Condition(side)}" : "")
            + (SeenMoreAs is { } disclosure ? $" AND {SeenSides.MoreCondition(side, disclosure)}" : "")
            + $" ORDER BY id LIMIT {Limit})";
    }
}
