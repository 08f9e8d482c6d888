using Deconfliction.Domain.Agencies;

namespace Deconfliction.Ledger.Agencies;

/// <summary>A member of the grid.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name, as the others see it.</param>
/// <param name="Role">What it may do.</param>
/// <param name="Contact">Whom to call where a claim names no contact of its own.</param>
/// <param name="IsRevoked">Nothing it holds is accepted any more.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="Certificates">What it was issued.</param>
public sealed record AgencyRecord(
    AgencyId Id,
    string Name,
    AgencyRole Role,
    string Contact,
    bool IsRevoked,
    DateTimeOffset CreatedAt,
    IReadOnlyList<CertificateRecord> Certificates);

/// <summary>A certificate that was issued to an agency by the grid's own authority.</summary>
/// <param name="Serial">Serial number, lower-case hex.</param>
/// <param name="NotBefore">Valid from.</param>
/// <param name="NotAfter">Valid until.</param>
/// <param name="IsRevoked">Whether it was revoked.</param>
/// <param name="ExpiryAnnounced">Whether the agency was told that it ends soon.</param>
public sealed record CertificateRecord(
    string Serial, DateTimeOffset NotBefore, DateTimeOffset NotAfter, bool IsRevoked, bool ExpiryAnnounced);
