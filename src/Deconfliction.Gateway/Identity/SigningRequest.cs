using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deconfliction.Gateway.Identity;

/// <summary>An agency's certificate request (PKCS #10, RFC 2986): only its public key is taken, after its signature has been verified.</summary>
internal static class SigningRequest
{
    private const int MaximumLength = 16 * 1024;
    private const int MinimumRsaBits = 3072;
    private const int MaximumRsaBits = 8192;
    private const string EllipticCurve = "1.2.840.10045.2.1";
    private const string Rsa = "1.2.840.113549.1.1.1";

    /// <summary>The request's public key, or why it is not taken: a stable reason and a text for its reader.</summary>
    public static (PublicKey? Key, string Reason, string Problem) Read(string pem)
    {
        if (string.IsNullOrWhiteSpace(pem))
        {
            return (null, "MISSING_CSR", "A certificate request in PEM is required.");
        }

        if (pem.Length > MaximumLength)
        {
            return (null, "TOO_LONG", $"A certificate request has at most {MaximumLength} characters.");
        }

        try
        {
            // By default this verifies the signature, which proves that the sender has the private key, and ignores extensions.
            var request = CertificateRequest.LoadSigningRequestPem(pem, HashAlgorithmName.SHA256);
            return Judge(request.PublicKey);
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException or NotSupportedException)
        {
            return (null, "BAD_CSR", "This is no PKCS #10 certificate request in PEM whose signature is right. Make it anew with the key that it asks a certificate for.");
        }
    }

    private static (PublicKey? Key, string Reason, string Problem) Judge(PublicKey key)
    {
        const string Remedy = "Use a new key: ECDSA P-256 or P-384, or RSA of 3,072 bits or more.";
        switch (key.Oid.Value)
        {
            case EllipticCurve:
                using (var ecdsa = key.GetECDsaPublicKey())
                {
                    var curve = ecdsa?.ExportParameters(includePrivateParameters: false).Curve;
                    return curve is { IsNamed: true } named && named.Oid.Value is "1.2.840.10045.3.1.7" or "1.3.132.0.34"
                        ? (key, "", "")
                        : (null, "WEAK_KEY", "The curve of the key is not P-256 or P-384. " + Remedy);
                }

            case Rsa:
                using (var rsa = key.GetRSAPublicKey())
                {
                    return rsa?.KeySize is >= MinimumRsaBits and <= MaximumRsaBits
                        ? (key, "", "")
                        : (null, "WEAK_KEY", $"The RSA key has {rsa?.KeySize ?? 0} bits. " + Remedy);
                }

            default:
                return (null, "WEAK_KEY", "The key is of a kind that is not taken. " + Remedy);
        }
    }
}
