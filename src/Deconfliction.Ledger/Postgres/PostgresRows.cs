using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>How records come out of rows: the columns to ask for, and their reading from a place on.</summary>
internal static class PostgresRows
{
    public const int ClaimWidth = 21;

    public const int OverlapWidth = 16;

    public const int AlertWidth = 11;

    public const int AuditWidth = 16;

    public static string ClaimColumns(string alias) => Columns(
        alias,
        "id", "agency", "role", "case_ref", "requested_by", "priority", "handling", "disclosure", "window_from", "window_until",
        "window_tolerance", "port", "created_at", "expires_at", "ended_at", "end_reason", "revision", "rule_version", "held",
        "expiry_announced", "sealed");

    public static string OverlapColumns(string alias) => Columns(
        alias,
        "id", "claim_a", "agency_a", "raised_a", "contact_given_a", "acknowledged_at_a", "claim_b", "agency_b", "raised_b",
        "contact_given_b", "acknowledged_at_b", "strength", "window_assumed", "found_at", "outcome", "resolved_at");

    public static string AlertColumns(string alias) => Columns(
        alias,
        "id", "to_agency", "kind", "claim_id", "overlap_id", "visibility", "from_agency", "from_claim_id", "from_case", "note",
        "created_at");

    public static string AuditColumns(string alias) => Columns(
        alias,
        "writer", "number", "at", "agency", "certificate", "requested_by", "operation", "tag", "case_ref", "purpose", "request_id",
        "payload_hash", "subjects", "result", "disclosures", "hash");

    public static Claim Claim(NpgsqlDataReader row, int at) => new()
    {
        Id = row.GetGuid(at),
        Agency = AgencyId.Parse(row.GetString(at + 1)),
        Role = (AgencyRole)row.GetInt16(at + 2),
        Case = row.GetString(at + 3),
        RequestedBy = row.GetString(at + 4),
        Priority = (Priority)row.GetInt16(at + 5),
        Handling = (Handling)row.GetInt16(at + 6),
        Disclosure = (Disclosure)row.GetInt16(at + 7),
        Window = row.IsDBNull(at + 8)
            ? null
            : new Window(
                Time(row, at + 8), Time(row, at + 9), TimeSpan.FromTicks(row.GetInt64(at + 10) * TimeSpan.TicksPerMicrosecond)),
        Port = row.IsDBNull(at + 11) ? null : row.GetInt32(at + 11),
        CreatedAt = Time(row, at + 12),
        ExpiresAt = Time(row, at + 13),
        EndedAt = TimeOrNull(row, at + 14),
        EndReason = (EndReason)row.GetInt16(at + 15),
        Revision = row.GetInt32(at + 16),
        RuleVersion = row.GetInt32(at + 17),
        Held = row.GetBoolean(at + 18),
        ExpiryAnnounced = row.GetBoolean(at + 19),
        Sealed = Bytes(row, at + 20),
    };

    public static Overlap Overlap(NpgsqlDataReader row, int at) => new()
    {
        Id = row.GetGuid(at),
        A = Side(row, at + 1),
        B = Side(row, at + 6),
        Strength = (Strength)row.GetInt16(at + 11),
        WindowAssumed = row.GetBoolean(at + 12),
        FoundAt = Time(row, at + 13),
        Outcome = (Outcome)row.GetInt16(at + 14),
        ResolvedAt = TimeOrNull(row, at + 15),
    };

    public static Alert Alert(NpgsqlDataReader row, int at) => new()
    {
        Id = row.GetGuid(at),
        To = AgencyId.Parse(row.GetString(at + 1)),
        Kind = (AlertKind)row.GetInt16(at + 2),
        ClaimId = GuidOrNull(row, at + 3),
        OverlapId = GuidOrNull(row, at + 4),
        Visibility = (Visibility)row.GetInt16(at + 5),
        From = TextOrNull(row, at + 6) is { } from ? AgencyId.Parse(from) : null,
        FromClaimId = GuidOrNull(row, at + 7),
        FromCase = TextOrNull(row, at + 8),
        Note = TextOrNull(row, at + 9),
        CreatedAt = Time(row, at + 10),
    };

    /// <exception cref="FormatException">The entry was altered: its lists or its agency cannot be read.</exception>
    public static AuditEntry AuditEntry(NpgsqlDataReader row, int at) => new(
        row.GetInt64(at),
        row.GetInt64(at + 1),
        Time(row, at + 2),
        new AuditDraft
        {
            Agency = AgencyId.Parse(row.GetString(at + 3)),
            Certificate = row.GetString(at + 4),
            RequestedBy = row.GetString(at + 5),
            Operation = (Operation)row.GetInt16(at + 6),
            Tag = TagOrNull(row, at + 7),
            Case = TextOrNull(row, at + 8),
            Purpose = TextOrNull(row, at + 9),
            RequestId = GuidOrNull(row, at + 10),
            PayloadHash = Bytes(row, at + 11),
            Subjects = AuditBlobs.ToSubjects(Bytes(row, at + 12)),
            Result = row.GetString(at + 13),
            Disclosures = AuditBlobs.ToDisclosures(Bytes(row, at + 14)),
        },
        Bytes(row, at + 15));

    public static OwnedClaim OwnedClaim(NpgsqlDataReader row) =>
        new(Claim(row, 0), Tag(row, ClaimWidth), TextOrNull(row, ClaimWidth + 1), row.GetBoolean(ClaimWidth + 2));

    /// <summary>A row of <c>place, id, version, hazard, crowd</c> and a live claim's columns, or none of a claim.</summary>
    public static void AddTo(ref IdentifierRecord? record, Tag tag, NpgsqlDataReader row)
    {
        record ??= new IdentifierRecord(tag, row.GetGuid(1), row.GetInt64(2), TextOrNull(row, 3), row.GetBoolean(4), new List<Claim>());
        if (row.IsDBNull(5))
        {
            return;
        }

        // They come in no promised order.
        var live = (List<Claim>)record.Live;
        var claim = Claim(row, 5);
        var before = live.FindLastIndex(other => other.Id.CompareTo(claim.Id) < 0);
        live.Insert(before + 1, claim);
    }

    public static Tag Tag(NpgsqlDataReader row, int at) => new(Bytes(row, at));

    public static byte[] Bytes(NpgsqlDataReader row, int at) => row.GetFieldValue<byte[]>(at);

    public static DateTimeOffset Time(NpgsqlDataReader row, int at) => new(row.GetDateTime(at), TimeSpan.Zero);

    public static DateTimeOffset? TimeOrNull(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : Time(row, at);

    public static string? TextOrNull(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetString(at);

    private static Guid? GuidOrNull(NpgsqlDataReader row, int at) => row.IsDBNull(at) ? null : row.GetGuid(at);

    private static Tag? TagOrNull(NpgsqlDataReader row, int at)
    {
        if (row.IsDBNull(at))
        {
            return null;
        }

        var bytes = Bytes(row, at);
        return bytes.Length == Domain.Identifiers.Tag.Length
            ? new Tag(bytes)
            : throw new FormatException($"A tag has {Domain.Identifiers.Tag.Length} bytes; {bytes.Length} are stored.");
    }

    private static OverlapSide Side(NpgsqlDataReader row, int at) => new(
        row.GetGuid(at), AgencyId.Parse(row.GetString(at + 1)), row.GetBoolean(at + 2), row.GetBoolean(at + 3), TimeOrNull(row, at + 4));

    private static string Columns(string alias, params string[] names) =>
        string.Join(", ", names.Select(name => $"{alias}.{name}"));
}
