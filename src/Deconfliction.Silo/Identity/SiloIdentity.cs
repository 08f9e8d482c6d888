using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Keys;

namespace Deconfliction.Silo.Identity;

/// <summary>What a silo shows other silos, and whom it believes. Read once, at the start.</summary>
internal sealed class SiloIdentity : IDisposable
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly TrustDomain _domain;
    private readonly X509Certificate2Collection _authority;
    private readonly TimeProvider _time;

    private SiloIdentity(TrustDomain domain, X509Certificate2 certificate, X509Certificate2Collection authority, TimeProvider time)
    {
        _domain = domain;
        Certificate = certificate;
        _authority = authority;
        _time = time;
    }

    /// <summary>The silo's certificate with its key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset NotAfter => new(Certificate.NotAfter.ToUniversalTime());

    /// <summary>Reads the silo's identity and its authority's certificate.</summary>
    /// <exception cref="PkiException">A file is missing or unfit; says which and what to do.</exception>
    public static SiloIdentity Load(string name, TrustDomain domain, string identityFile, string authorityFile, TimeProvider time)
    {
        foreach (var (option, file) in new[] { ("--silo-identity", identityFile), ("--silo-authority", authorityFile) })
        {
            if (!File.Exists(file))
            {
                throw new PkiException(
                    $"{option} {file} is not there. Run 'deconfliction-silo init' once for a cluster, then 'deconfliction-silo identity {name} --out {identityFile}', both with this silo's --keys and --pki.");
            }
        }

        if (OwnerOnlyFiles.IsOpenToOthers(identityFile))
        {
            throw new PkiException($"The silo's identity {identityFile} can be opened by others than its owner. Run: chmod 600 {identityFile}");
        }

        try
        {
            var authority = new X509Certificate2Collection();
            authority.ImportFromPem(File.ReadAllText(authorityFile));
            using var bare = X509Certificate2.CreateFromPemFile(identityFile);
            // TLS needs a key that outlives this method; a PKCS #12 round trip gives one on every platform.
            var certificate = X509CertificateLoader.LoadPkcs12(bare.Export(X509ContentType.Pkcs12), password: null);
            return new SiloIdentity(domain, certificate, authority, time).Confirmed(name, identityFile, authorityFile);
        }
        catch (Exception problem) when (problem is CryptographicException or ArgumentException or IOException or UnauthorizedAccessException)
        {
            throw new PkiException($"The silo's identity {identityFile} or the silos' authority {authorityFile} cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>
    /// The name of the silo that a certificate is of; nothing where the silos' authority does not vouch for it, where it is not for
    /// both ends of a connection, or where it is anything else's: an agency's or a server's.
    /// </summary>
    public string? Verify(X509Certificate2 certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        using var chain = new X509Chain { ChainPolicy = NewPolicy() };
        return chain.Build(certificate) && UriNames.Of(certificate) is [var uri] && SiloName.TryRead(_domain, uri, out var name) ? name : null;
    }

    /// <summary>This trust alone, and no network.</summary>
    public X509ChainPolicy NewPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = _time.GetUtcNow().UtcDateTime,
            VerificationTimeIgnored = false,
        };
        policy.CustomTrustStore.AddRange(_authority);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        return policy;
    }

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();

    private SiloIdentity Confirmed(string name, string identityFile, string authorityFile) => Verify(Certificate) switch
    {
        null => throw new PkiException(
            $"The silo's identity {identityFile} is not a silo's of the trust domain {_domain} that {authorityFile} vouches for today. Issue one with "
            + $"'deconfliction-silo identity {name} --out {identityFile}'."),
        var own when own != name => throw new PkiException(
            $"The silo's identity {identityFile} is that of '{own}', and --silo-name is '{name}'. Give each silo an identity of its own name."),
        _ => this,
    };
}
