using System.Security.Cryptography.X509Certificates;
using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Input;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Agencies;

/// <summary>An agency as it was asked for, read and found right.</summary>
internal readonly record struct AgencyAsked(AgencyId Id, Domain.Agencies.AgencyRole Role, TrustDomain? Domain, PublicKey? Key);

/// <summary>Reads requests about agencies.</summary>
internal sealed class AgencyReader(TrustStore trust, CertificateIssuing issuing)
{
    public AgencyAsked Read(CreateAgencyRequest request, Faults faults)
    {
        var id = Id(request.Agency, faults);
        faults.Required("name", request.Name, Limits.AgencyName, "The name");
        faults.Required("contact", request.Contact, Limits.Contact, "The contact");
        var role = ClaimReader.Known(
            "role", EnumMaps.ToDomain(request.Role), "LAW_ENFORCEMENT, INTERNATIONAL_BODY, HOTLINE, INDUSTRY, OPERATOR, AUDITOR", faults);
        var domain = Domain(request.TrustDomain, faults);
        if (!issuing.IsBuiltIn)
        {
            if (request.CsrPem.Length > 0)
            {
                faults.Add("csr_pem", "OUTSIDE_AUTHORITY", "Certificates are issued by an outside authority, not by the grid.", "Leave the request out.");
            }

            return new AgencyAsked(id, role, domain, Key: null);
        }

        return new AgencyAsked(id, role, domain, Key(request.CsrPem, faults));
    }

    /// <summary>Reads an agency's id.</summary>
    public static AgencyId Id(string text, Faults faults)
    {
        if (!AgencyId.TryParse(text, out var id))
        {
            faults.Add(
                "agency", text.Length == 0 ? "MISSING_AGENCY" : "INVALID_AGENCY_ID", "This is not an agency's id.",
                "Give 2 to 63 lower-case letters, digits and, inside, hyphens.");
        }

        return id;
    }

    /// <summary>Reads a certificate request's public key.</summary>
    public PublicKey? Key(string csr, Faults faults)
    {
        if (!issuing.IsBuiltIn)
        {
            // What the caller is told of it does not depend on what it sent.
            return null;
        }

        var (key, reason, problem) = SigningRequest.Read(csr);
        if (key is null)
        {
            faults.Add("csr_pem", reason, problem, "The private key stays with the agency; only the request is sent.");
        }

        return key;
    }

    private TrustDomain? Domain(string text, Faults faults)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (TrustDomain.TryParse(text, out var domain) && trust.Domains.Contains(domain))
        {
            return domain;
        }

        faults.Add("trust_domain", "UNKNOWN_TRUST_DOMAIN", "No authority of this domain is configured.", $"Use one of: {string.Join(", ", trust.Domains)}, or none.");
        return null;
    }
}
