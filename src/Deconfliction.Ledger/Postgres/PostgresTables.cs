using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Ledger.Postgres;

/// <summary>An alert, and whether its overlap is one that this group inserts.</summary>
internal readonly record struct NewAlert(Alert Alert, bool IsOfNewOverlap);

/// <summary>An identifier that is read whole, but for a row that the group itself has inserted under this id.</summary>
internal readonly record struct LateRow(Tag Tag, Guid OwnId);

/// <summary>A certificate with its agency.</summary>
internal readonly record struct CertificateRow(string Agency, CertificateRecord Certificate);

/// <summary>An alert's position.</summary>
internal readonly record struct PositionRow(Guid AlertId, long Position);

/// <summary>A feed's new head.</summary>
internal readonly record struct HeadRow(string Agency, long Head);

/// <summary>How rows are laid out on their way to each table.</summary>
internal static class PostgresTables
{
    public static readonly PostgresColumns<Tag> Tags = new PostgresColumns<Tag>().Bytes("tag", tag => tag.ToArray());

    public static readonly PostgresColumns<LateRow> Late = new PostgresColumns<LateRow>()
        .Bytes("tag", row => row.Tag.ToArray())
        .Uuid("own_id", row => row.OwnId);

    public static readonly PostgresColumns<OverlapQuery> ClaimsOfOverlaps = new PostgresColumns<OverlapQuery>()
        .Text("agency", query => query.Agency.Value)
        .Uuid("claim", query => query.OwnClaim!.Value)
        .Flag("as_first", query => !query.FoundByOwnClaim)
        .Flag("only_seen", query => query.OnlySeen)
        .Long("most", query => query.Limit);

    public static readonly PostgresColumns<FeedQuery> Feeds = new PostgresColumns<FeedQuery>()
        .Text("agency", query => query.Agency.Value)
        .Long("after", query => query.After)
        .Long("most", query => query.Limit);

    public static readonly PostgresColumns<RequestKey> Requests = new PostgresColumns<RequestKey>()
        .Text("agency", key => key.Agency.Value)
        .Uuid("request_id", key => key.RequestId);

    public static readonly PostgresColumns<IdentifierRow> Identifiers = new PostgresColumns<IdentifierRow>()
        .Uuid("id", row => row.Id)
        .Bytes("tag", row => row.Tag.ToArray())
        .Int("key_id", row => row.KeyId)
        .Long("version", row => row.Version)
        .Text("hazard", row => row.Hazard)
        .Flag("crowd", row => row.IsCrowd);

    public static readonly PostgresColumns<IdentifierRow> Versions = new PostgresColumns<IdentifierRow>()
        .Uuid("id", row => row.Id)
        .Long("version", row => row.Version)
        .Text("hazard", row => row.Hazard)
        .Flag("crowd", row => row.IsCrowd);

    public static readonly PostgresColumns<ClaimRow> Claims = new PostgresColumns<ClaimRow>()
        .Uuid("id", row => row.Claim.Id)
        .Uuid("identifier_id", row => row.IdentifierId)
        .Text("agency", row => row.Claim.Agency.Value)
        .Small("role", row => (int)row.Claim.Role)
        .Text("case_ref", row => row.Claim.Case)
        .Text("requested_by", row => row.Claim.RequestedBy)
        .Small("priority", row => (int)row.Claim.Priority)
        .Small("handling", row => (int)row.Claim.Handling)
        .Small("disclosure", row => (int)row.Claim.Disclosure)
        .TimeOrNull("window_from", row => row.Claim.Window?.From)
        .TimeOrNull("window_until", row => row.Claim.Window?.Until)
        .LongOrNull("window_tolerance", row => row.Claim.Window?.Tolerance.Ticks / TimeSpan.TicksPerMicrosecond)
        .IntOrNull("port", row => row.Claim.Port)
        .Time("created_at", row => row.Claim.CreatedAt)
        .Time("expires_at", row => row.Claim.ExpiresAt)
        .TimeOrNull("ended_at", row => row.Claim.EndedAt)
        .Small("end_reason", row => (int)row.Claim.EndReason)
        .Int("revision", row => row.Claim.Revision)
        .Int("rule_version", row => row.Claim.RuleVersion)
        .Flag("held", row => row.Claim.Held)
        .Flag("expiry_announced", row => row.Claim.ExpiryAnnounced)
        .Memory("sealed", row => row.Claim.Sealed)
        .Long("version", row => row.Version);

    // What may change of a claim; never its owner, case, window, port or creation.
    public static readonly PostgresColumns<ClaimRow> ClaimChanges = new PostgresColumns<ClaimRow>()
        .Uuid("id", row => row.Claim.Id)
        .Uuid("identifier_id", row => row.IdentifierId)
        .Small("priority", row => (int)row.Claim.Priority)
        .Small("handling", row => (int)row.Claim.Handling)
        .Small("disclosure", row => (int)row.Claim.Disclosure)
        .Time("expires_at", row => row.Claim.ExpiresAt)
        .TimeOrNull("ended_at", row => row.Claim.EndedAt)
        .Small("end_reason", row => (int)row.Claim.EndReason)
        .Int("revision", row => row.Claim.Revision)
        .Int("rule_version", row => row.Claim.RuleVersion)
        .Flag("held", row => row.Claim.Held)
        .Flag("expiry_announced", row => row.Claim.ExpiryAnnounced)
        .Long("version", row => row.Version);

    // Nothing where it stays as it is.
    public static readonly PostgresColumns<ClaimRow> SealedChanges = new PostgresColumns<ClaimRow>(ClaimChanges)
        .Bytes("sealed", row => row.Claim.IsSealedApart ? null : row.Claim.Sealed.ToArray());

    public static readonly PostgresColumns<OverlapRow> Overlaps = new PostgresColumns<OverlapRow>()
        .Uuid("id", row => row.Overlap.Id)
        .Uuid("identifier_id", row => row.IdentifierId)
        .Uuid("claim_a", row => row.Overlap.A.ClaimId)
        .Uuid("claim_b", row => row.Overlap.B.ClaimId)
        .Text("agency_a", row => row.Overlap.A.Agency.Value)
        .Text("agency_b", row => row.Overlap.B.Agency.Value)
        .Flag("raised_a", row => row.Overlap.A.Raised)
        .Flag("raised_b", row => row.Overlap.B.Raised)
        .Flag("contact_given_a", row => row.Overlap.A.ContactGiven)
        .Flag("contact_given_b", row => row.Overlap.B.ContactGiven)
        .TimeOrNull("acknowledged_at_a", row => row.Overlap.A.AcknowledgedAt)
        .TimeOrNull("acknowledged_at_b", row => row.Overlap.B.AcknowledgedAt)
        .Small("strength", row => (int)row.Overlap.Strength)
        .Flag("window_assumed", row => row.Overlap.WindowAssumed)
        .Time("found_at", row => row.Overlap.FoundAt)
        .Small("outcome", row => (int)row.Overlap.Outcome)
        .TimeOrNull("resolved_at", row => row.Overlap.ResolvedAt);

    public static readonly PostgresColumns<OverlapRow> OverlapChanges = new PostgresColumns<OverlapRow>()
        .Uuid("id", row => row.Overlap.Id)
        .Flag("raised_a", row => row.Overlap.A.Raised)
        .Flag("raised_b", row => row.Overlap.B.Raised)
        .Flag("contact_given_a", row => row.Overlap.A.ContactGiven)
        .Flag("contact_given_b", row => row.Overlap.B.ContactGiven)
        .TimeOrNull("acknowledged_at_a", row => row.Overlap.A.AcknowledgedAt)
        .TimeOrNull("acknowledged_at_b", row => row.Overlap.B.AcknowledgedAt)
        .Small("outcome", row => (int)row.Overlap.Outcome)
        .TimeOrNull("resolved_at", row => row.Overlap.ResolvedAt);

    public static readonly PostgresColumns<NewAlert> Alerts = new PostgresColumns<NewAlert>()
        .Uuid("id", row => row.Alert.Id)
        .Text("to_agency", row => row.Alert.To.Value)
        .Small("kind", row => (int)row.Alert.Kind)
        .UuidOrNull("claim_id", row => row.Alert.ClaimId)
        .UuidOrNull("overlap_id", row => row.Alert.OverlapId)
        .Small("visibility", row => (int)row.Alert.Visibility)
        .Text("from_agency", row => row.Alert.From?.Value)
        .UuidOrNull("from_claim_id", row => row.Alert.FromClaimId)
        .Text("from_case", row => row.Alert.FromCase)
        .Text("note", row => row.Alert.Note)
        .Time("created_at", row => row.Alert.CreatedAt)
        .Flag("of_new_overlap", row => row.IsOfNewOverlap);

    public static readonly PostgresColumns<AuditEntry> Audit = new PostgresColumns<AuditEntry>()
        .Long("writer", entry => entry.Writer)
        .Long("number", entry => entry.Number)
        .Time("at", entry => entry.At)
        .Text("agency", entry => entry.Draft.Agency.Value)
        .Text("certificate", entry => entry.Draft.Certificate)
        .Text("requested_by", entry => entry.Draft.RequestedBy)
        .Small("operation", entry => (int)entry.Draft.Operation)
        .Bytes("tag", entry => entry.Draft.Tag?.ToArray())
        .Text("case_ref", entry => entry.Draft.Case)
        .Text("purpose", entry => entry.Draft.Purpose)
        .UuidOrNull("request_id", entry => entry.Draft.RequestId)
        .Memory("payload_hash", entry => entry.Draft.PayloadHash)
        .Bytes("subjects", entry => AuditBlobs.OfSubjects(entry.Draft.Subjects))
        .Text("result", entry => entry.Draft.Result)
        .Bytes("disclosures", entry => AuditBlobs.OfDisclosures(entry.Draft.Disclosures))
        .Memory("hash", entry => entry.Hash);

    public static readonly PostgresColumns<AgencyRecord> Agencies = new PostgresColumns<AgencyRecord>()
        .Text("id", agency => agency.Id.Value)
        .Text("name", agency => agency.Name)
        .Small("role", agency => (int)agency.Role)
        .Text("contact", agency => agency.Contact)
        .Flag("revoked", agency => agency.IsRevoked)
        .Time("created_at", agency => agency.CreatedAt);

    public static readonly PostgresColumns<CertificateRow> Certificates = new PostgresColumns<CertificateRow>()
        .Text("agency", row => row.Agency)
        .Text("serial", row => row.Certificate.Serial)
        .Time("not_before", row => row.Certificate.NotBefore)
        .Time("not_after", row => row.Certificate.NotAfter)
        .Flag("revoked", row => row.Certificate.IsRevoked)
        .Flag("expiry_announced", row => row.Certificate.ExpiryAnnounced);

    public static readonly PostgresColumns<AcknowledgedFeed> Acknowledgements = new PostgresColumns<AcknowledgedFeed>()
        .Text("agency", feed => feed.Agency.Value)
        .Long("up_to", feed => feed.UpTo);

    public static readonly PostgresColumns<PositionRow> Positions = new PostgresColumns<PositionRow>()
        .Uuid("id", row => row.AlertId)
        .Long("position", row => row.Position);

    public static readonly PostgresColumns<HeadRow> Heads = new PostgresColumns<HeadRow>()
        .Text("agency", row => row.Agency)
        .Long("head", row => row.Head);
}
