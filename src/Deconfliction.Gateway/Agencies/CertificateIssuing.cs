using System.Security.Cryptography.X509Certificates;
using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Identity;
using Deconfliction.Ledger.Agencies;

namespace Deconfliction.Gateway.Agencies;

/// <summary>Issues agencies' certificates, where the grid's own authority does. A repeated request is given its certificate again.</summary>
internal sealed class CertificateIssuing(BuiltInAuthority authority, bool isBuiltIn)
{
    /// <summary>Whether the grid issues them at all.</summary>
    public bool IsBuiltIn => isBuiltIn;

    /// <summary>The certificate by which the server is known.</summary>
    public string AuthorityPem => authority.CertificatePem;

    /// <summary>What the certificate of a request will say; nothing where an outside authority issues.</summary>
    public CertificateRecord? Draft(AgencyId agency, Guid requestId) => isBuiltIn ? authority.Draft(agency, requestId) : null;

    /// <summary>Until when the agency has a certificate to renew by; nothing where it has none, or was issued the one that is asked for.</summary>
    public static DateTimeOffset? ValidUntil(AgencyRecord agency, string asked, DateTimeOffset now) =>
        agency.Certificates.Any(certificate => string.Equals(certificate.Serial, asked, StringComparison.Ordinal))
            ? null
            : agency.Certificates.Where(certificate => !certificate.IsRevoked && certificate.NotAfter > now)
                .Max(certificate => (DateTimeOffset?)certificate.NotAfter);

    /// <summary>
    /// Signs what was recorded of the request: for a repeated one that is what was recorded first, with the dates of then. Nothing,
    /// and an empty text, where an outside authority issues.
    /// </summary>
    public (string Pem, CertificateRecord? Record) Issue(AgencyRecord agency, CertificateRecord? draft, PublicKey? key)
    {
        if (draft is null || key is null)
        {
            return ("", null);
        }

        foreach (var recorded in agency.Certificates)
        {
            if (string.Equals(recorded.Serial, draft.Serial, StringComparison.Ordinal))
            {
                return (authority.Sign(agency.Id, recorded, key), recorded);
            }
        }

        // Only what is on record may be signed.
        throw new ProblemException(Problems.Internal);
    }
}
