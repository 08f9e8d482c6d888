using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Keys;

namespace Deconfliction.Silo.Identity;

/// <summary>
/// The authority of the silos, apart from the agencies': its certificate is <c>silo-ca.pem</c> among the certificates, its key
/// <c>silo-authority.key</c> among the keys. Only who issues identities needs the key; a running silo does not.
/// </summary>
internal sealed class SiloAuthority : IDisposable
{
    private const int SerialLength = 16;
    private static readonly TimeSpan s_lifetime = TimeSpan.FromDays(20 * 365);
    private static readonly TimeSpan s_identityLifetime = TimeSpan.FromDays(2 * 365);
    private static readonly TimeSpan s_backdating = TimeSpan.FromMinutes(5);

    private readonly TrustDomain _domain;
    private readonly X509Certificate2 _certificate;
    private readonly ECDsa _key;
    private readonly TimeProvider _time;

    private SiloAuthority(TrustDomain domain, X509Certificate2 certificate, ECDsa key, TimeProvider time)
    {
        _domain = domain;
        _certificate = certificate;
        _key = key;
        _time = time;
    }

    /// <summary>Where its certificate lies.</summary>
    public static string CertificateFile(string pkiFolder) => Path.Combine(pkiFolder, "silo-ca.pem");

    /// <summary>Where its key lies.</summary>
    public static string KeyFile(string keysFolder) => Path.Combine(keysFolder, "silo-authority.key");

    /// <summary>Makes one where there is none; whether it did.</summary>
    public static bool Make(TrustDomain domain, string pkiFolder, string keysFolder, TimeProvider time)
    {
        var (certificateFile, keyFile) = (CertificateFile(pkiFolder), KeyFile(keysFolder));
        if (File.Exists(certificateFile) || File.Exists(keyFile))
        {
            return false;
        }

        Directory.CreateDirectory(pkiFolder);
        OwnerOnlyFiles.CreateFolder(keysFolder);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = time.GetUtcNow();
        using var certificate = CertificateDraft.SiloAuthority(domain, SiloName.AuthorityUri(domain), key)
            .CreateSelfSigned(now - s_backdating, now + s_lifetime);
        OwnerOnlyFiles.Write(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem() + "\n");
        return true;
    }

    /// <summary>Opens it with its key, to issue identities.</summary>
    /// <exception cref="PkiException">It is incomplete, does not fit together, or is another domain's.</exception>
    public static SiloAuthority Open(TrustDomain domain, string certificateFile, string keysFolder, TimeProvider time)
    {
        var keyFile = KeyFile(keysFolder);
        if (!File.Exists(certificateFile) || !File.Exists(keyFile))
        {
            throw new PkiException(
                $"Of the silos' authority, {(File.Exists(certificateFile) ? keyFile : certificateFile)} is missing. Run 'deconfliction-silo init' for a "
                + "new cluster, or restore the file.");
        }

        if (OwnerOnlyFiles.IsOpenToOthers(keyFile))
        {
            throw new PkiException(
                $"The key of the silos' authority {keyFile} can be opened by others than its owner. Whoever has it can be any silo. Run: chmod 600 {keyFile}");
        }

        X509Certificate2? certificate = null;
        var key = ECDsa.Create();
        try
        {
            certificate = X509Certificate2.CreateFromPem(File.ReadAllText(certificateFile));
            key.ImportFromPem(File.ReadAllText(keyFile));
            using var paired = certificate.CopyWithPrivateKey(key);
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            certificate?.Dispose();
            key.Dispose();
            throw new PkiException(
                $"The silos' authority {certificateFile} and its key {keyFile} cannot be read or do not belong together. Restore both.", problem);
        }

        if (UriNames.Of(certificate) is not [var uri] || uri != SiloName.AuthorityUri(domain))
        {
            throw new PkiException($"The silos' authority {certificateFile} was made for another trust domain than {domain}. Start with its own --trust-domain.");
        }

        return new SiloAuthority(domain, certificate, key, time);
    }

    /// <summary>A new identity, certificate and key, in PEM.</summary>
    public string Issue(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var serial = RandomNumberGenerator.GetBytes(SerialLength);
        // Positive and without leading zeros (RFC 5280, section 4.1.2.2).
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        var now = _time.GetUtcNow();
        var end = now + s_identityLifetime;
        var notAfter = end.UtcDateTime < _certificate.NotAfter.ToUniversalTime() ? end : new DateTimeOffset(_certificate.NotAfter.ToUniversalTime());
        using var certificate = CertificateDraft.Silo(name, SiloName.Uri(_domain, name), new PublicKey(key), _certificate)
            .Create(_certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), now - s_backdating, notAfter, serial);
        return certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem() + "\n";
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _certificate.Dispose();
        _key.Dispose();
    }
}
