using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deconfliction.Gateway.Identity;

/// <summary>The certificates that the built-in authority makes, one form each.</summary>
internal static class CertificateDraft
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    public static CertificateRequest Authority(TrustDomain domain, ECDsa key) =>
        Authority($"Deconfliction grid authority of {domain}", domain.Uri, key);

    /// <summary>The authority of the silos of a cluster, which is not that of the agencies.</summary>
    public static CertificateRequest SiloAuthority(TrustDomain domain, string uri, ECDsa key) =>
        Authority($"Deconfliction silo authority of {domain}", uri, key);

    /// <summary>A silo's certificate: it is both ends of the connections between silos.</summary>
    public static CertificateRequest Silo(string name, string uri, PublicKey key, X509Certificate2 issuer)
    {
        var request = Leaf(name, key, issuer, ServerAuthentication, ClientAuthentication);
        request.CertificateExtensions.Add(UriNames.Build(uri));
        return request;
    }

    private static CertificateRequest Authority(string name, string uri, ECDsa key)
    {
        var request = new CertificateRequest(Name(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(UriNames.Build(uri));
        return request;
    }

    public static CertificateRequest Agency(SpiffeId id, PublicKey key, X509Certificate2 issuer)
    {
        var request = Leaf(id.Agency.Value, key, issuer, ClientAuthentication);
        request.CertificateExtensions.Add(UriNames.Build(id.Uri));
        return request;
    }

    public static CertificateRequest Server(IReadOnlyCollection<string> hosts, PublicKey key, X509Certificate2 issuer)
    {
        var request = Leaf(hosts.First(), key, issuer, ServerAuthentication);
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

    private static CertificateRequest Leaf(string name, PublicKey key, X509Certificate2 issuer, params string[] usages)
    {
        var request = new CertificateRequest(Name(name), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        var purposes = new OidCollection();
        foreach (var usage in usages)
        {
            purposes.Add(new Oid(usage));
        }

        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(purposes, critical: false));
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
