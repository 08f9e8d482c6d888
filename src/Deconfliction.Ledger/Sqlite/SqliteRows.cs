using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Sqlite;

/// <summary>How records lie in columns: the lists of columns, and reading them in that order.</summary>
internal static class SqliteRows
{
    private const int ClaimColumnCount = 21;
    private const int OverlapColumnCount = 16;

    public const string AuditColumns =
        "writer, number, at, agency, certificate, requested_by, operation, tag, case_ref, purpose, request_id, payload_hash, "
        + "subjects, result, disclosures, hash";

    public const string AlertColumns =
        "l.id, l.to_agency, l.kind, l.claim_id, l.overlap_id, l.visibility, l.from_agency, l.from_claim_id, l.from_case, l.note, "
        + "l.created_at";

    /// <summary>A claim's columns, of the table called <paramref name="c"/>.</summary>
    public static string ClaimColumns(string c) =>
        $"{c}.id, {c}.agency, {c}.role, {c}.case_ref, {c}.requested_by, {c}.priority, {c}.handling, {c}.disclosure, {c}.window_from, "
        + $"{c}.window_until, {c}.window_tolerance, {c}.port, {c}.created_at, {c}.expires_at, {c}.ended_at, {c}.end_reason, "
        + $"{c}.revision, {c}.rule_version, {c}.held, {c}.expiry_announced, {c}.sealed";

    /// <summary>An overlap's columns, of the table called <paramref name="o"/>.</summary>
    public static string OverlapColumns(string o) =>
        $"{o}.id, {o}.claim_a, {o}.agency_a, {o}.raised_a, {o}.contact_given_a, {o}.acknowledged_at_a, {o}.claim_b, {o}.agency_b, "
        + $"{o}.raised_b, {o}.contact_given_b, {o}.acknowledged_at_b, {o}.strength, {o}.window_assumed, {o}.found_at, {o}.outcome, "
        + $"{o}.resolved_at";

    public static Claim Claim(SqliteStatement row) => new()
    {
        Id = row.Id(),
        Agency = row.Agency(),
        Role = (AgencyRole)row.Int(),
        Case = row.Text(),
        RequestedBy = row.Text(),
        Priority = (Priority)row.Int(),
        Handling = (Handling)row.Int(),
        Disclosure = (Disclosure)row.Int(),
        Window = Window(row),
        Port = (int?)row.LongOrNull(),
        CreatedAt = row.Time(),
        ExpiresAt = row.Time(),
        EndedAt = row.TimeOrNull(),
        EndReason = (EndReason)row.Int(),
        Revision = row.Int(),
        RuleVersion = row.Int(),
        Held = row.Bool(),
        ExpiryAnnounced = row.Bool(),
        Sealed = row.Bytes().ToArray(),
    };

    /// <summary>A claim from an outer join, which may have found none.</summary>
    public static Claim? ClaimOrNull(SqliteStatement row)
    {
        if (row.IsNull)
        {
            row.Skip(ClaimColumnCount);
            return null;
        }

        return Claim(row);
    }

    public static Overlap Overlap(SqliteStatement row) => new()
    {
        Id = row.Id(),
        A = Side(row),
        B = Side(row),
        Strength = (Strength)row.Int(),
        WindowAssumed = row.Bool(),
        FoundAt = row.Time(),
        Outcome = (Outcome)row.Int(),
        ResolvedAt = row.TimeOrNull(),
    };

    /// <summary>An overlap and its two claims, in this order.</summary>
    public static OverlapView View(SqliteStatement row) => new(Overlap(row), Claim(row), Claim(row));

    /// <summary>The same from outer joins: nothing unless all three are there.</summary>
    public static OverlapView? ViewOrNull(SqliteStatement row)
    {
        if (row.IsNull)
        {
            row.Skip(OverlapColumnCount + ClaimColumnCount + ClaimColumnCount);
            return null;
        }

        var overlap = Overlap(row);
        var a = ClaimOrNull(row);
        var b = ClaimOrNull(row);
        return a is null || b is null ? null : new OverlapView(overlap, a, b);
    }

    public static Alert Alert(SqliteStatement row) => new()
    {
        Id = row.Id(),
        To = row.Agency(),
        Kind = (AlertKind)row.Int(),
        ClaimId = row.IdOrNull(),
        OverlapId = row.IdOrNull(),
        Visibility = (Visibility)row.Int(),
        From = row.AgencyOrNull(),
        FromClaimId = row.IdOrNull(),
        FromCase = row.TextOrNull(),
        Note = row.TextOrNull(),
        CreatedAt = row.Time(),
    };

    public static AuditEntry Audit(SqliteStatement row)
    {
        var (writer, number, at) = (row.Long(), row.Long(), row.Time());
        var draft = new AuditDraft
        {
            Agency = row.Agency(),
            Certificate = row.Text(),
            RequestedBy = row.Text(),
            Operation = (Operation)row.Int(),
            Tag = row.TagOrNull(),
            Case = row.TextOrNull(),
            Purpose = row.TextOrNull(),
            RequestId = row.IdOrNull(),
            PayloadHash = row.Bytes().ToArray(),
            Subjects = AuditBlobs.ToSubjects(row.Bytes()),
            Result = row.Text(),
            Disclosures = AuditBlobs.ToDisclosures(row.Bytes()),
        };
        return new AuditEntry(writer, number, at, draft, row.Bytes().ToArray());
    }

    private static Window? Window(SqliteStatement row)
    {
        if (row.IsNull)
        {
            row.Skip(3);
            return null;
        }

        return new Window(row.Time(), row.Time(), TimeSpan.FromMicroseconds(row.Long()));
    }

    private static OverlapSide Side(SqliteStatement row) => new(row.Id(), row.Agency(), row.Bool(), row.Bool(), row.TimeOrNull());
}
