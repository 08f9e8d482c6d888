using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Ledger.Auditing;

/// <summary>What was done. The numbers are stored.</summary>
public enum Operation
{
    /// <summary>Made a claim, or repeated one.</summary>
    Claim = 1,

    /// <summary>Checked an identifier.</summary>
    Check = 2,

    /// <summary>Changed a claim.</summary>
    UpdateClaim = 3,

    /// <summary>Renewed a claim.</summary>
    RenewClaim = 4,

    /// <summary>Released a claim.</summary>
    ReleaseClaim = 5,

    /// <summary>Released all live claims of a case.</summary>
    ReleaseCase = 6,

    /// <summary>Acknowledged an overlap.</summary>
    AcknowledgeOverlap = 7,

    /// <summary>Resolved an overlap.</summary>
    ResolveOverlap = 8,

    /// <summary>Asked for contact.</summary>
    RequestContact = 9,

    /// <summary>Disclosed its side.</summary>
    Disclose = 10,

    /// <summary>Read or listed own claims.</summary>
    ReadClaims = 11,

    /// <summary>Read or listed overlaps.</summary>
    ReadOverlaps = 12,

    /// <summary>Opened its feed, or was sent alerts of it.</summary>
    ReadFeed = 13,

    /// <summary>Acknowledged alerts.</summary>
    AcknowledgeAlerts = 14,

    /// <summary>Added an agency.</summary>
    CreateAgency = 20,

    /// <summary>Revoked an agency.</summary>
    RevokeAgency = 21,

    /// <summary>Had a new certificate issued: for itself, or an operator for another agency.</summary>
    RenewCertificate = 22,

    /// <summary>Listed agencies.</summary>
    ReadAgencies = 23,

    /// <summary>Read the audit record.</summary>
    ReadAudit = 24,

    /// <summary>Verified the audit record.</summary>
    VerifyAudit = 25,

    /// <summary>An operator signed in to the operations pages; <c>requested_by</c> says under which name.</summary>
    SignIn = 26,

    /// <summary>An operator told a node to drain.</summary>
    DrainNode = 27,

    /// <summary>An operator made an access token for the operations pages.</summary>
    CreateToken = 28,

    /// <summary>An operator revoked an access token.</summary>
    RevokeToken = 29,

    /// <summary>The grid itself: an expiry, a notice, a changed catalogue.</summary>
    Sweep = 30,

    /// <summary>The grid itself: a change of the hazard catalogue.</summary>
    ChangeHazard = 31,
}

/// <summary>What is to be recorded of an operation (rule 8). The ledger adds time, writer, number and hash.</summary>
public sealed record AuditDraft
{
    /// <summary>Who.</summary>
    public required AgencyId Agency { get; init; }

    /// <summary>By which certificate: its serial number in hex; <c>grid</c> for the grid itself.</summary>
    public required string Certificate { get; init; }

    /// <summary>The agency's opaque officer reference, or empty.</summary>
    public string RequestedBy { get; init; } = "";

    /// <summary>What.</summary>
    public required Operation Operation { get; init; }

    /// <summary>On which identifier.</summary>
    public Tag? Tag { get; init; }

    /// <summary>Which case.</summary>
    public string? Case { get; init; }

    /// <summary>Why.</summary>
    public string? Purpose { get; init; }

    /// <summary>The request id; unique an agency, ever. Empty for what has none.</summary>
    public Guid? RequestId { get; init; }

    /// <summary>Keyed hash of the request's payload, 32 bytes, where there is a request id.</summary>
    public ReadOnlyMemory<byte> PayloadHash { get; init; }

    /// <summary>The objects concerned: the claim made, the overlaps or claims shown (for the answer to a replay).</summary>
    public IReadOnlyList<Guid> Subjects { get; init; } = [];

    /// <summary>How it was answered: <c>DONE</c>, <c>DUPLICATE</c>, a count; short, never a value.</summary>
    public string Result { get; init; } = "DONE";

    /// <summary>Who was shown what.</summary>
    public IReadOnlyList<Disclosed> Disclosures { get; init; } = [];
}

/// <summary>What the ledger keeps of a request, so that a replay gets the original answer (rule 5).</summary>
/// <param name="Agency">Whose.</param>
/// <param name="RequestId">Its id.</param>
/// <param name="Operation">What it did.</param>
/// <param name="PayloadHash">Keyed hash of its payload.</param>
/// <param name="Subjects">The objects concerned.</param>
/// <param name="Result">How it was answered.</param>
/// <param name="At">When it was committed.</param>
public sealed record RecordedRequest(
    AgencyId Agency,
    Guid RequestId,
    Operation Operation,
    ReadOnlyMemory<byte> PayloadHash,
    IReadOnlyList<Guid> Subjects,
    string Result,
    DateTimeOffset At);

/// <summary>One entry of the audit record.</summary>
/// <param name="Writer">The chain it belongs to.</param>
/// <param name="Number">Its number in the chain, from 1, without gaps.</param>
/// <param name="At">When, by the database's clock.</param>
/// <param name="Draft">What was recorded.</param>
/// <param name="Hash">HMAC-SHA-256 under the audit key over the hash before it and the entry.</param>
public sealed record AuditEntry(long Writer, long Number, DateTimeOffset At, AuditDraft Draft, ReadOnlyMemory<byte> Hash);

/// <summary>Which entries to list: by time, then writer and number.</summary>
/// <param name="After">The last entry of the page before.</param>
/// <param name="Limit">How many at most.</param>
/// <param name="Agency">Only this agency's.</param>
/// <param name="Case">Only this case.</param>
/// <param name="From">Not before.</param>
/// <param name="Until">Before.</param>
public sealed record AuditQuery(
    AuditCursor? After, int Limit, AgencyId? Agency = null, string? Case = null, DateTimeOffset? From = null, DateTimeOffset? Until = null);

/// <summary>A place in the list of entries.</summary>
/// <param name="At">Time of the entry.</param>
/// <param name="Writer">Its writer.</param>
/// <param name="Number">Its number.</param>
public readonly record struct AuditCursor(DateTimeOffset At, long Writer, long Number);

/// <summary>What verifying the chains found.</summary>
/// <param name="Entries">How many entries were read.</param>
/// <param name="Writers">How many chains.</param>
/// <param name="FirstBad">The first bad entry's writer, number and what is wrong with it; nothing where all is well.</param>
public sealed record AuditVerification(long Entries, int Writers, (long Writer, long Number, string Problem)? FirstBad);
