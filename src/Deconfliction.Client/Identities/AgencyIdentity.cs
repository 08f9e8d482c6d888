using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deconfliction.Client.Identities;

/// <summary>
/// An agency's identity: its certificate with the private key, and the authorities that came with it.
/// </summary>
public sealed class AgencyIdentity : IDisposable
{
    private AgencyIdentity(X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        Certificate = certificate;
        Authorities = authorities;
    }

    /// <summary>The certificate, with its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The further certificates of the file: authorities by which the server may be known.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>Reads a PEM file that holds the certificate first, its key, and perhaps authorities.</summary>
    /// <exception cref="IdentityException">The file is absent, or lacks the certificate or the key, or they do not belong together.</exception>
    public static AgencyIdentity Load(string path)
    {
        var pem = ReadPem(path, "identity");
        var certificates = ParseCertificates(pem, path, "identity");
        try
        {
            using var bare = certificates[0];
            certificates.RemoveAt(0);
            using var withKey = AttachKey(bare, pem, path);
            // TLS needs a key that outlives this call; a PKCS #12 round trip gives one on every platform.
            var certificate = X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
            return new AgencyIdentity(certificate, certificates);
        }
        catch (CryptographicException problem)
        {
            throw new IdentityException($"The identity file '{path}' cannot be used: {problem.Message}", "Ask for a new certificate.", problem);
        }
    }

    /// <summary>Reads the certificates of a PEM file of authorities.</summary>
    /// <exception cref="IdentityException">The file is absent or holds no certificate.</exception>
    public static X509Certificate2Collection LoadAuthorities(string path) =>
        ParseCertificates(ReadPem(path, "authority"), path, "authority");

    /// <inheritdoc />
    public void Dispose()
    {
        Certificate.Dispose();
        foreach (var authority in Authorities)
        {
            authority.Dispose();
        }
    }

    private static X509Certificate2 AttachKey(X509Certificate2 certificate, string pem, string path)
    {
        if (!pem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw new IdentityException(
                $"The identity file '{path}' holds a certificate but no private key.",
                "Put the key that the certificate was asked for into the same file: (umask 077; cat CERTIFICATE KEY > IDENTITY).");
        }

        try
        {
            return X509Certificate2.CreateFromPem(certificate.ExportCertificatePem(), pem);
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            throw new IdentityException(
                $"The private key in '{path}' does not belong to its first certificate, or cannot be read: {problem.Message}",
                "Put the agency's own certificate first, and the key that it was asked for after it.",
                problem);
        }
    }

    private static string ReadPem(string path, string what)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new IdentityException(
                $"The {what} file '{path}' cannot be read: {problem.Message}", $"Name a PEM file that you may read with --{Option(what)}.", problem);
        }
    }

    private static X509Certificate2Collection ParseCertificates(string pem, string path, string what)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException problem)
        {
            throw new IdentityException($"The {what} file '{path}' is not PEM: {problem.Message}", "Ask for the file again.", problem);
        }

        return certificates.Count > 0
            ? certificates
            : throw new IdentityException($"The {what} file '{path}' holds no certificate.", $"Name the right file with --{Option(what)}.");
    }

    private static string Option(string what) => what == "identity" ? "identity" : "ca";
}
