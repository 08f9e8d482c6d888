using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deconfliction.Gateway.Identity;

/// <summary>The certificates that the built-in authority makes, one form each.</summary>
internal static class CertificateDraft
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public static CertificateRequest Authority(TrustDomain domain, ECDsa key)
    {
        var request = new CertificateRequest(Name($"Deconfliction grid authority of {domain}"), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(UriNames.Build(domain.Uri));
        return request;
    }

    public static CertificateRequest Agency(SpiffeId id, PublicKey key, X509Certificate2 issuer)
    {
        var request = Leaf(id.Agency.Value, key, ClientAuthentication, issuer);
        request.CertificateExtensions.Add(UriNames.Build(id.Uri));
        return request;
    }

    public static CertificateRequest Server(IReadOnlyCollection<string> hosts, PublicKey key, X509Certificate2 issuer)
    {
        var request = Leaf(hosts.First(), key, ServerAuthentication, issuer);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        return request;
    }

    private static CertificateRequest Leaf(string name, PublicKey key, string usage, X509Certificate2 issuer)
    {
        var request = new CertificateRequest(Name(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(
            issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        return request;
    }

    private static X500DistinguishedName Name(string commonName)
    {
        var name = new X500DistinguishedNameBuilder();
        // X.520 bounds a common name to 64 characters.
        name.AddCommonName(commonName.Length <= 64 ? commonName : commonName[..64]);
        return name.Build();
    }
}
