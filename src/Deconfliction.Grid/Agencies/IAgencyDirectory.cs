using Deconfliction.Domain.Agencies;
using Deconfliction.Ledger.Agencies;

namespace Deconfliction.Grid.Agencies;

/// <summary>
/// The agencies, kept in memory for the authentication of every call and read again when they change: here at once, on other nodes when
/// they are told, and where that was lost within <see cref="GridOptions.DirectoryRefreshInterval"/>.
/// </summary>
public interface IAgencyDirectory
{
    /// <summary>An agency, or nothing. Never waits: it is asked on every call.</summary>
    AgencyRecord? Find(AgencyId id);

    /// <summary>All agencies.</summary>
    IReadOnlyList<AgencyRecord> All { get; }

    /// <summary>Cancelled when the agency, or this certificate of it, is revoked. For open streams.</summary>
    CancellationToken RevocationOf(AgencyId id, string certificate);

    /// <summary>Adds an agency with its first certificate; false where the id is taken.</summary>
    Task<bool> AddAsync(AgencyRecord agency, RequestContext request, CancellationToken cancellationToken);

    /// <summary>
    /// Adds a certificate to an agency, and tells it in its feed where another agency asked for it; false where there is no such agency,
    /// or it is revoked.
    /// </summary>
    Task<bool> AddCertificateAsync(
        AgencyId id, CertificateRecord certificate, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Revokes an agency and all its certificates; false where there is none.</summary>
    Task<bool> RevokeAsync(AgencyId id, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Reads all agencies again.</summary>
    Task RefreshAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Reads all agencies again for somebody who knows of what is not known here, such as an agency that was added on another node a
    /// moment ago. However many ask, a few reads a second are made.
    /// </summary>
    Task CatchUpAsync(CancellationToken cancellationToken);
}
