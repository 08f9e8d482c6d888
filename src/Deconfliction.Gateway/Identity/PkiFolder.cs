using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Gateway.Keys;

namespace Deconfliction.Gateway.Identity;

/// <summary>
/// Where the built-in authority lies: its certificate in <c>pki/ca.pem</c>, for everybody; its key in <c>keys/authority.key</c>, with
/// the key ring, apart from the store. The operator's identity, certificate and key, is <c>pki/operator.pem</c>.
/// </summary>
/// <remarks>
/// While one authority takes another's place, <c>ca.pem</c> has both: the first signs, and the certificates of all are good.
/// </remarks>
public sealed class PkiFolder(string pkiPath, string keysPath)
{
    private static readonly TimeSpan s_authorityLifetime = TimeSpan.FromDays(20 * 365);

    /// <summary>The authority's certificate.</summary>
    public string AuthorityFile { get; } = Path.Combine(pkiPath, "ca.pem");

    /// <summary>The authority's key.</summary>
    public string AuthorityKeyFile { get; } = Path.Combine(keysPath, "authority.key");

    /// <summary>The operator's certificate and key.</summary>
    public string OperatorFile { get; } = Path.Combine(pkiPath, "operator.pem");

    /// <summary>The authority that lies here; a new one where there is none and the store is new.</summary>
    /// <exception cref="PkiException">It is incomplete, does not fit together, or is another domain's.</exception>
    public BuiltInAuthority OpenAuthority(TrustDomain domain, KeyRing ring, bool storeIsNew, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var (hasCertificate, hasKey) = (File.Exists(AuthorityFile), File.Exists(AuthorityKeyFile));
        if (!hasCertificate && storeIsNew)
        {
            MakeAuthority(domain, hasKey, time);
        }
        else if (!hasCertificate && !hasKey)
        {
            throw new PkiException(
                $"The authority's certificate {AuthorityFile} and key {AuthorityKeyFile} are missing, and the store has members whose certificates it "
                + "signed. A new authority would shut them all out. Restore both files and start again.");
        }
        else if (!hasCertificate || !hasKey)
        {
            throw new PkiException(
                $"Of the authority, {(hasCertificate ? AuthorityKeyFile : AuthorityFile)} is missing. Restore it and start again.");
        }

        return Load(domain, ring, time);
    }

    /// <summary>Writes an operator's certificate and key.</summary>
    public void SaveOperator(string certificatePem, string keyPem)
    {
        Directory.CreateDirectory(pkiPath);
        OwnerOnlyFiles.Write(OperatorFile, certificatePem + keyPem);
    }

    // The certificate comes last, and whole: a crash in between leaves a key alone. The next start takes that for a restore gone wrong
    // only if the store has members; else it goes on with the key that is there.
    private void MakeAuthority(TrustDomain domain, bool hasKey, TimeProvider time)
    {
        Directory.CreateDirectory(pkiPath);
        OwnerOnlyFiles.CreateFolder(keysPath);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        if (hasKey)
        {
            ReadKey(key);
        }
        else
        {
            OwnerOnlyFiles.Write(AuthorityKeyFile, key.ExportPkcs8PrivateKeyPem() + "\n");
        }

        var now = time.GetUtcNow();
        using var certificate = CertificateDraft.Authority(domain, key).CreateSelfSigned(now.AddMinutes(-5), now + s_authorityLifetime);
        File.WriteAllText(AuthorityFile + ".new", certificate.ExportCertificatePem() + "\n");
        File.Move(AuthorityFile + ".new", AuthorityFile, overwrite: true);
    }

    private void ReadKey(ECDsa key)
    {
        try
        {
            key.ImportFromPem(File.ReadAllText(AuthorityKeyFile));
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException)
        {
            throw new PkiException(
                $"The authority's key {AuthorityKeyFile} cannot be read. Restore it from where it is kept safe; or move it away, since this store has no members yet.",
                problem);
        }
    }

    private BuiltInAuthority Load(TrustDomain domain, KeyRing ring, TimeProvider time)
    {
        if (OwnerOnlyFiles.IsOpenToOthers(AuthorityKeyFile))
        {
            throw new PkiException(
                $"The authority's key {AuthorityKeyFile} can be opened by others than its owner. Whoever has it can be any agency. "
                + $"Run: chmod 600 {AuthorityKeyFile}");
        }

        X509Certificate2? certificate = null;
        var trusted = new X509Certificate2Collection();
        var key = ECDsa.Create();
        try
        {
            trusted.ImportFromPem(File.ReadAllText(AuthorityFile));
            certificate = trusted.Count > 0 ? trusted[0] : throw new CryptographicException("There is no certificate in it.");
            key.ImportFromPem(File.ReadAllText(AuthorityKeyFile));
            using var paired = certificate.CopyWithPrivateKey(key);
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            certificate?.Dispose();
            key.Dispose();
            throw new PkiException(
                $"The authority's certificate {AuthorityFile} and key {AuthorityKeyFile} cannot be read or do not belong together (of several "
                + "certificates the first is the one that signs). Restore both from where they are kept safe.",
                problem);
        }

        if (trusted.Any(one => UriNames.Of(one) is not [var uri] || !string.Equals(uri, domain.Uri, StringComparison.Ordinal)))
        {
            throw new PkiException(
                $"The authority in {AuthorityFile} was made for another trust domain than {domain}. Start with its own --trust-domain, or with a new --data.");
        }

        return new BuiltInAuthority(domain, trusted, key, ring, time);
    }
}

/// <summary>The authority's files cannot be used: the server must not start. The message names the remedy.</summary>
public sealed class PkiException(string message, Exception? inner = null) : Exception(message, inner);
