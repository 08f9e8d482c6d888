using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Domain.Agencies;
using Deconfliction.Grid;
using Deconfliction.Grid.Agencies;
using Deconfliction.Ledger.Agencies;

namespace Deconfliction.Gateway.Identity;

/// <summary>
/// Sees to it that somebody can manage the grid: on the first start it adds the agency <c>operator</c> and writes its identity; later,
/// where no operator has a certificate that holds any more, it writes a new one. Whoever can do this holds the authority's key anyway.
/// </summary>
public sealed class FirstOperator(IAgencyDirectory directory, BuiltInAuthority authority, PkiFolder pki, TimeProvider time)
{
    /// <summary>The agency that is added.</summary>
    public static AgencyId Id { get; } = AgencyId.Parse("operator");

    /// <summary>Whether something was written.</summary>
    /// <param name="issuesCertificates">Whether the grid's own authority issues; else the agency is added without a certificate.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> EnsureAsync(bool issuesCertificates, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var operators = directory.All.Where(agency => agency is { Role: AgencyRole.Operator, IsRevoked: false }).ToList();
        if (operators.Exists(agency => !issuesCertificates || agency.Certificates.Any(certificate => !certificate.IsRevoked && now < certificate.NotAfter)))
        {
            return false;
        }

        var request = GridItself.Request;
        var certificates = new List<CertificateRecord>();
        if (issuesCertificates)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var id = operators.Count > 0 ? operators[0].Id : Id;
            var record = authority.Draft(id, Guid.CreateVersion7());
            // The file first: a certificate on record that nobody has would count as one.
            pki.SaveOperator(authority.Sign(id, record, new PublicKey(key)), key.ExportPkcs8PrivateKeyPem() + "\n");
            certificates.Add(record);
            if (operators.Count > 0)
            {
                await directory.AddCertificateAsync(id, record, request, cancellationToken);
                return true;
            }
        }

        var added = new AgencyRecord(Id, "Operator of this grid", AgencyRole.Operator, "operator of this grid", IsRevoked: false, now, certificates);
        return await directory.AddAsync(added, request, cancellationToken)
            ? true
            : throw new PkiException("Every operator is revoked, and the id 'operator' is used up. Restore the store from a backup in which one is not.");
    }
}
