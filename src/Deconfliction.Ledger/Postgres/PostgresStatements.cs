using Deconfliction.Ledger.Claims;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// The statements of groups. Each looks up by key, once for each element of its arrays: <c>LATERAL … OFFSET 0</c> is a fence that
/// keeps the planner from turning that into a join over the whole table (<see cref="PostgresDatabase"/> has the other half).
/// </summary>
internal static class PostgresStatements
{
    public const string Begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";

    public const string Commit = "COMMIT";

    /// <summary>The moment itself: now() would be the transaction's start, before it waited for locks.</summary>
    public const string Now = "SELECT clock_timestamp()";

    /// <summary>$1 tags.</summary>
    public static readonly string ReadIdentifiers =
        $"SELECT i.tag, i.id, i.version, i.hazard, i.crowd FROM {PostgresTables.Tags.Table("u")} "
        + "CROSS JOIN LATERAL (SELECT * FROM identifier WHERE tag = u.tag OFFSET 0) i";

    public static readonly string FindRequests =
        "SELECT r.agency, r.request_id, r.operation, r.payload_hash, r.subjects, r.result, r.at "
        + $"FROM {PostgresTables.Requests.Table("u")} "
        + "CROSS JOIN LATERAL (SELECT * FROM audit WHERE agency = u.agency AND request_id = u.request_id OFFSET 0) r";

    /// <summary>
    /// Rows in tag order, so that two groups never wait for each other. Answers the ids of those that were not there, and locks those that
    /// were (an update that is not made locks what it would have changed). One that another transaction has just inserted is waited for.
    /// </summary>
    public static readonly string LockOrInsertIdentifiers =
        PostgresTables.Identifiers.InsertInto("identifier") + " ON CONFLICT (tag) DO UPDATE SET version = identifier.version WHERE false RETURNING id";

    public static readonly string InsertIdentifiers = PostgresTables.Identifiers.InsertInto("identifier");

    public static readonly string RemoveIdentifiers =
        $"DELETE FROM identifier i USING {PostgresTables.Identifiers.Table("u")} WHERE i.id = u.id";

    /// <summary>
    /// The fence a second time, within the transaction: were a row not at the version that was locked, the division by zero would
    /// end it.
    /// </summary>
    public static readonly string UpdateIdentifiers =
        $"WITH u AS (SELECT * FROM {PostgresTables.Versions.Table("a")}), "
        + $"done AS (UPDATE identifier i SET {PostgresTables.Versions.SetAllBut(1)} FROM u "
        + "WHERE i.id = u.id AND i.version = u.version - 1 RETURNING 1) "
        + "SELECT 1 / ((SELECT count(*) FROM done) = (SELECT count(*) FROM u))::integer";

    public static readonly string InsertClaims = PostgresTables.Claims.InsertInto("claim");

    public static readonly string UpdateClaims =
        $"UPDATE claim c SET {PostgresTables.ClaimChanges.SetAllBut(2)}, sealed = COALESCE(u.sealed, c.sealed) "
        + $"FROM {PostgresTables.SealedChanges.Table("u")} "
        + "WHERE c.id = u.id AND c.identifier_id = u.identifier_id";

    public static readonly string InsertOverlaps = PostgresTables.Overlaps.InsertInto("overlap") + " ON CONFLICT DO NOTHING";

    public static readonly string UpdateOverlaps =
        $"UPDATE overlap o SET {PostgresTables.OverlapChanges.SetAllBut(1)} FROM {PostgresTables.OverlapChanges.Table("u")} WHERE o.id = u.id";

    /// <summary>
    /// An overlap whose pair was there already is not inserted, and its alerts must not be either (I2). Not as EXISTS: beside an OR the
    /// planner would read all overlaps into a hash.
    /// </summary>
    public static readonly string InsertAlerts =
        "INSERT INTO alert (id, to_agency, kind, claim_id, overlap_id, visibility, from_agency, from_claim_id, from_case, note, created_at) "
        + "SELECT u.id, to_agency, kind, claim_id, overlap_id, visibility, from_agency, from_claim_id, from_case, note, created_at "
        + $"FROM {PostgresTables.Alerts.Table("u")} "
        + "LEFT JOIN LATERAL (SELECT true AS is_there FROM overlap WHERE overlap.id = u.overlap_id OFFSET 0) o ON true "
        + "WHERE NOT u.of_new_overlap OR o.is_there";

    public static readonly string InsertAudit = PostgresTables.Audit.InsertInto("audit");

    /// <summary>$1 writer, $2 the number it ended at, $3 number, $4 hash, $5 seal. Divides by zero where the chain does not end there.</summary>
    public const string MoveHead =
        "WITH done AS (UPDATE audit_writer SET head_number = $3, head_hash = $4, head_seal = $5 "
        + "WHERE writer = $1 AND head_number = $2 RETURNING 1) SELECT 1 / count(*) FROM done";

    /// <summary>The id, the role and the creation of an existing one stay.</summary>
    public static readonly string SaveAgencies =
        PostgresTables.Agencies.InsertInto("agency")
        + " ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, contact = EXCLUDED.contact, revoked = agency.revoked OR EXCLUDED.revoked";

    /// <summary>
    /// Certificates come and are revoked, and neither is ever taken back: so what one silo saves over an older picture of the agency takes
    /// nothing away of what another has saved meanwhile.
    /// </summary>
    public static readonly string InsertCertificates =
        PostgresTables.Certificates.InsertInto("certificate")
        + " ON CONFLICT (agency, serial) DO UPDATE SET revoked = certificate.revoked OR EXCLUDED.revoked, "
        + "expiry_announced = certificate.expiry_announced OR EXCLUDED.expiry_announced";

    /// <summary>$1 agencies. One that came to an agency while it was being revoked falls with it.</summary>
    public const string RevokeCertificates =
        "UPDATE certificate c SET revoked = true FROM agency a WHERE a.id = ANY ($1) AND a.revoked AND c.agency = a.id AND NOT c.revoked";

    /// <summary>Never back, never past the head.</summary>
    public static readonly string AcknowledgeFeeds =
        "UPDATE feed f SET acknowledged = LEAST(u.up_to, f.head) "
        + $"FROM {PostgresTables.Acknowledgements.Table("u")} WHERE f.agency = u.agency AND f.acknowledged < LEAST(u.up_to, f.head)";

    /// <summary>$1 tags, $2 how many claims of each at most; n is the tag's place among them.</summary>
    public static readonly string Load =
        $"SELECT u.n, i.id, i.version, i.hazard, i.crowd, {PostgresRows.ClaimColumns("c")} "
        + "FROM unnest($1::bytea[]) WITH ORDINALITY AS u (tag, n) "
        + "CROSS JOIN LATERAL (SELECT * FROM identifier WHERE tag = u.tag OFFSET 0) i "
        + "LEFT JOIN LATERAL (SELECT * FROM claim WHERE identifier_id = i.id AND end_reason = 0 LIMIT $2) c ON true";

    /// <summary>The first overlaps of each of many claims; n is the claim's place among them. Each side has its own index, ordered by id.</summary>
    public static readonly string OverlapsOfClaims =
        $"SELECT u.n, {PostgresRecords.OverlapColumns} FROM unnest($1::text[], $2::uuid[], $3::boolean[], $4::boolean[], $5::bigint[]) "
        + "WITH ORDINALITY AS u (agency, claim, as_first, only_seen, most, n) CROSS JOIN LATERAL (SELECT * FROM ("
        + "(SELECT * FROM overlap o WHERE claim_a = u.claim AND agency_a = u.agency AND u.as_first "
        + $"AND (NOT u.only_seen OR {SeenSides.Condition("a")}) ORDER BY id LIMIT u.most) UNION ALL "
        + "(SELECT * FROM overlap o WHERE claim_b = u.claim AND agency_b = u.agency "
        + $"AND (NOT u.only_seen OR {SeenSides.Condition("b")}) ORDER BY id LIMIT u.most)) sides "
        + $"ORDER BY id LIMIT u.most) o {PostgresRecords.OverlapJoins} ORDER BY u.n, o.id";

    /// <summary>
    /// The same for decisions that a group makes: $1 tags, $2 ids under which the group may have inserted them itself, $3 how many claims of
    /// each at most. One claim more than a decision may rest on says that there are too many.
    /// </summary>
    public static readonly string LoadLate =
        $"SELECT u.n, i.id, i.version, i.hazard, i.crowd, {PostgresRows.ClaimColumns("c")} "
        + "FROM unnest($1::bytea[], $2::uuid[]) WITH ORDINALITY AS u (tag, own_id, n) "
        + "CROSS JOIN LATERAL (SELECT * FROM identifier WHERE tag = u.tag AND id <> u.own_id OFFSET 0) i "
        + "LEFT JOIN LATERAL (SELECT * FROM claim WHERE identifier_id = i.id AND end_reason = 0 LIMIT $3) c ON true";
}
