using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Sqlite;

/// <summary>Binds a group's rows to the statements of the writing connection.</summary>
internal sealed class SqliteGroupWriter(SqliteSession session)
{
    private const string InsertAuditSql =
        $"INSERT INTO audit ({SqliteRows.AuditColumns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    public void Write(GroupRows rows)
    {
        foreach (var row in rows.NewIdentifiers)
        {
            Insert(row);
        }

        foreach (var row in rows.ChangedIdentifiers)
        {
            Update(row);
        }

        foreach (var row in rows.NewClaims)
        {
            Insert(row);
        }

        foreach (var row in rows.ChangedClaims)
        {
            Update(row);
        }

        WriteOverlaps(rows);
        foreach (var alert in rows.Alerts)
        {
            Insert(alert);
        }

        foreach (var agency in rows.Agencies)
        {
            Save(agency);
        }

        foreach (var feed in rows.Acknowledgements)
        {
            Acknowledge(feed);
        }

        foreach (var entry in rows.Audit)
        {
            Insert(entry);
        }
    }

    private void WriteOverlaps(GroupRows rows)
    {
        HashSet<Guid>? refused = null;
        foreach (var row in rows.NewOverlaps)
        {
            if (!Insert(row))
            {
                (refused ??= []).Add(row.Overlap.Id);
            }
        }

        if (refused is not null)
        {
            rows.DropAlertsOf(refused);
        }

        foreach (var row in rows.ChangedOverlaps)
        {
            Update(row.Overlap);
        }
    }

    private void Insert(IdentifierRow row) => session.Prepare(
        "INSERT INTO identifier (id, tag, key_id, version, hazard, crowd) VALUES (?, ?, ?, ?, ?, ?)")
        .Bind(row.Id).Bind(row.Tag).Bind(row.KeyId).Bind(row.Version).Bind(row.Hazard).Bind(row.IsCrowd).Run();

    private void Update(IdentifierRow row)
    {
        var changed = session.Prepare("UPDATE identifier SET version = ?, hazard = ?, crowd = ? WHERE id = ? AND version = ?")
            .Bind(row.Version).Bind(row.Hazard).Bind(row.IsCrowd).Bind(row.Id).Bind(row.Version - 1).Run();
        if (changed != 1)
        {
            // Read under the same transaction: cannot be, and must not be committed if it is.
            throw new InvalidOperationException("An identifier changed its version within the transaction that holds it.");
        }
    }

    private void Insert(ClaimRow row)
    {
        var claim = row.Claim;
        session.Prepare("""
            INSERT INTO claim (id, identifier_id, agency, role, case_ref, requested_by, priority, handling, disclosure, window_from,
              window_until, window_tolerance, port, created_at, expires_at, ended_at, end_reason, revision, rule_version, held,
              expiry_announced, sealed, version)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
            .Bind(claim.Id).Bind(row.IdentifierId).Bind(claim.Agency).Bind((int)claim.Role).Bind(claim.Case).Bind(claim.RequestedBy)
            .Bind((int)claim.Priority).Bind((int)claim.Handling).Bind((int)claim.Disclosure)
            .Bind(claim.Window?.From).Bind(claim.Window?.Until).Bind(claim.Window?.Tolerance.Ticks / TimeSpan.TicksPerMicrosecond)
            .Bind(claim.Port).Bind(claim.CreatedAt).Bind(claim.ExpiresAt).Bind(claim.EndedAt).Bind((int)claim.EndReason)
            .Bind(claim.Revision).Bind(claim.RuleVersion).Bind(claim.Held).Bind(claim.ExpiryAnnounced).Bind(claim.Sealed.Span)
            .Bind(row.Version).Run();
    }

    // What never changes (owner, case, window, port, creation) is not touched.
    private void Update(ClaimRow row)
    {
        var claim = row.Claim;
        var statement = session.Prepare("""
        UPDATE claim SET role = ?, requested_by = ?, priority = ?, handling = ?, disclosure = ?, expires_at = ?, ended_at = ?,
          end_reason = ?, revision = ?, rule_version = ?, held = ?, expiry_announced = ?, version = ?, sealed = coalesce(?, sealed)
        WHERE id = ?
        """)
            .Bind((int)claim.Role).Bind(claim.RequestedBy).Bind((int)claim.Priority).Bind((int)claim.Handling).Bind((int)claim.Disclosure)
            .Bind(claim.ExpiresAt).Bind(claim.EndedAt).Bind((int)claim.EndReason).Bind(claim.Revision).Bind(claim.RuleVersion)
            .Bind(claim.Held).Bind(claim.ExpiryAnnounced).Bind(row.Version);
        _ = claim.IsSealedApart ? statement.Bind((string?)null) : statement.Bind(claim.Sealed.Span);
        statement.Bind(claim.Id).Run();
    }

    private bool Insert(OverlapRow row)
    {
        var overlap = row.Overlap;
        return session.Prepare("""
            INSERT INTO overlap (id, identifier_id, claim_a, agency_a, raised_a, contact_given_a, acknowledged_at_a, claim_b, agency_b,
              raised_b, contact_given_b, acknowledged_at_b, strength, window_assumed, found_at, outcome, resolved_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (min(claim_a, claim_b), max(claim_a, claim_b)) DO NOTHING
            """)
            .Bind(overlap.Id).Bind(row.IdentifierId)
            .Bind(overlap.A.ClaimId).Bind(overlap.A.Agency).Bind(overlap.A.Raised).Bind(overlap.A.ContactGiven)
            .Bind(overlap.A.AcknowledgedAt)
            .Bind(overlap.B.ClaimId).Bind(overlap.B.Agency).Bind(overlap.B.Raised).Bind(overlap.B.ContactGiven)
            .Bind(overlap.B.AcknowledgedAt)
            .Bind((int)overlap.Strength).Bind(overlap.WindowAssumed).Bind(overlap.FoundAt).Bind((int)overlap.Outcome)
            .Bind(overlap.ResolvedAt)
            .Run() == 1;
    }

    private void Update(Overlap overlap) => session.Prepare("""
        UPDATE overlap SET raised_a = ?, contact_given_a = ?, acknowledged_at_a = ?, raised_b = ?, contact_given_b = ?,
          acknowledged_at_b = ?, strength = ?, outcome = ?, resolved_at = ?
        WHERE id = ?
        """)
        .Bind(overlap.A.Raised).Bind(overlap.A.ContactGiven).Bind(overlap.A.AcknowledgedAt)
        .Bind(overlap.B.Raised).Bind(overlap.B.ContactGiven).Bind(overlap.B.AcknowledgedAt)
        .Bind((int)overlap.Strength).Bind((int)overlap.Outcome).Bind(overlap.ResolvedAt).Bind(overlap.Id)
        .Run();

    private void Insert(Alert alert) => session.Prepare("""
        INSERT INTO alert (id, to_agency, kind, claim_id, overlap_id, visibility, from_agency, from_claim_id, from_case, note, created_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
        .Bind(alert.Id).Bind(alert.To).Bind((int)alert.Kind).Bind(alert.ClaimId).Bind(alert.OverlapId).Bind((int)alert.Visibility)
        .Bind(alert.From?.Value).Bind(alert.FromClaimId).Bind(alert.FromCase).Bind(alert.Note).Bind(alert.CreatedAt)
        .Run();

    private void Save(AgencyRecord agency)
    {
        session.Prepare("""
            INSERT INTO agency (id, name, role, contact, revoked, created_at) VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (id) DO UPDATE SET name = excluded.name, contact = excluded.contact, revoked = max(revoked, excluded.revoked)
            """)
            .Bind(agency.Id).Bind(agency.Name).Bind((int)agency.Role).Bind(agency.Contact).Bind(agency.IsRevoked).Bind(agency.CreatedAt)
            .Run();
        foreach (var certificate in agency.Certificates)
        {
            session.Prepare("""
                INSERT INTO certificate (agency, serial, not_before, not_after, revoked, expiry_announced) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (agency, serial) DO UPDATE SET
                  revoked = max(revoked, excluded.revoked), expiry_announced = max(expiry_announced, excluded.expiry_announced)
                """)
                .Bind(agency.Id).Bind(certificate.Serial).Bind(certificate.NotBefore).Bind(certificate.NotAfter)
                .Bind(certificate.IsRevoked).Bind(certificate.ExpiryAnnounced)
                .Run();
        }

        // One that came to an agency while it was being revoked falls with it.
        session.Prepare("UPDATE certificate SET revoked = 1 WHERE agency = ?1 AND (SELECT revoked FROM agency WHERE id = ?1)").Bind(agency.Id).Run();
    }

    // Never back, and never past what has been numbered.
    private void Acknowledge(AcknowledgedFeed feed) => session.Prepare(
        "UPDATE feed SET acknowledged = max(acknowledged, min(?, head)) WHERE agency = ?")
        .Bind(feed.UpTo).Bind(feed.Agency).Run();

    private void Insert(AuditEntry entry)
    {
        var draft = entry.Draft;
        session.Prepare(InsertAuditSql)
            .Bind(entry.Writer).Bind(entry.Number).Bind(entry.At).Bind(draft.Agency).Bind(draft.Certificate).Bind(draft.RequestedBy)
            .Bind((int)draft.Operation).Bind(draft.Tag).Bind(draft.Case).Bind(draft.Purpose).Bind(draft.RequestId)
            .Bind(draft.PayloadHash.Span).Bind(AuditBlobs.OfSubjects(draft.Subjects)).Bind(draft.Result)
            .Bind(AuditBlobs.OfDisclosures(draft.Disclosures)).Bind(entry.Hash.Span)
            .Run();
    }
}
