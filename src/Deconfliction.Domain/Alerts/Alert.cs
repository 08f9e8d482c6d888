using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Alerts;

/// <summary>What an alert says. The numbers are stored.</summary>
public enum AlertKind
{
    /// <summary>Your claim met another.</summary>
    OverlapFound = 1,

    /// <summary>Somebody checked what you claim.</summary>
    ClaimChecked = 2,

    /// <summary>The other side asks to be contacted, and gives its contact.</summary>
    ContactRequested = 3,

    /// <summary>The other side shows more of itself than before.</summary>
    Disclosed = 4,

    /// <summary>Your claim ends soon.</summary>
    ClaimExpiring = 5,

    /// <summary>The other side acknowledged.</summary>
    OverlapAcknowledged = 6,

    /// <summary>The overlap was resolved.</summary>
    OverlapResolved = 7,

    /// <summary>Your certificate ends soon.</summary>
    CertificateExpiring = 8,

    /// <summary>What you claim is claimed by a crowd: pairs are held back.</summary>
    Crowd = 9,

    /// <summary>An operator had a certificate issued for you.</summary>
    CertificateIssued = 10,
}

/// <summary>
/// What one agency is told. It commits with its cause, unnumbered; the agency's actor gives it its position in the feed.
/// It holds references only: what it shows is read from the ledger, under the rules of the moment it is delivered.
/// </summary>
public sealed record Alert
{
    /// <summary>A UUID version 7.</summary>
    public required Guid Id { get; init; }

    /// <summary>Who is told.</summary>
    public required AgencyId To { get; init; }

    /// <summary>What it says.</summary>
    public required AlertKind Kind { get; init; }

    /// <summary>The receiver's own claim, if it is about one.</summary>
    public Guid? ClaimId { get; init; }

    /// <summary>The overlap, if it is about one.</summary>
    public Guid? OverlapId { get; init; }

    /// <summary>How much of the other side the cause allowed; delivery never shows more than is allowed then.</summary>
    public Visibility Visibility { get; init; }

    /// <summary>The agency that caused it, where the receiver may know: a check's, a contact request's.</summary>
    public AgencyId? From { get; init; }

    /// <summary>The claim whose contact is given (a contact request), in the causing agency.</summary>
    public Guid? FromClaimId { get; init; }

    /// <summary>The causing agency's case reference, where the receiver may know (a check's).</summary>
    public string? FromCase { get; init; }

    /// <summary>A short text that goes with it: a check's purpose, a crowd's count band, a certificate's serial number.</summary>
    public string? Note { get; init; }

    /// <summary>When its cause was decided, by the database's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
