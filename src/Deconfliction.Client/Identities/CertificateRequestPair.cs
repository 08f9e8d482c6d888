using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deconfliction.Client.Identities;

/// <summary>
/// A new ECDSA P-256 key, and the request (PKCS #10, RFC 2986) for a certificate of it. The key never leaves the agency.
/// </summary>
/// <param name="KeyPem">The private key, PKCS #8 in PEM.</param>
/// <param name="RequestPem">The request, in PEM.</param>
public sealed record CertificateRequestPair(string KeyPem, string RequestPem)
{
    /// <summary>Makes a new key and its request.</summary>
    /// <param name="name">The common name to put into the request, for its reader; the authority does not rely on it.</param>
    public static CertificateRequestPair Create(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        return new CertificateRequestPair(key.ExportPkcs8PrivateKeyPem() + "\n", request.CreateSigningRequestPem() + "\n");
    }
}
