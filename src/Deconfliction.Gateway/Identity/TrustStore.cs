using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deconfliction.Gateway.Identity;

/// <summary>Who may vouch for whom: an authority's certificates, and the one trust domain that it may name agencies of.</summary>
/// <param name="Domain">Its domain.</param>
/// <param name="Roots">Its self-signed certificates.</param>
/// <param name="Intermediates">What may lie between them and an agency's certificate.</param>
/// <param name="IsBuiltIn">Whether it is the grid's own, so that each certificate it issued is known.</param>
public sealed record TrustedAuthority(
    TrustDomain Domain, X509Certificate2Collection Roots, X509Certificate2Collection Intermediates, bool IsBuiltIn)
{
    /// <summary>Reads a bundle in PEM: <c>FILE</c> whose certificates name their domain by a SPIFFE URI, or <c>DOMAIN=FILE</c>.</summary>
    /// <exception cref="PkiException">It cannot be read, or its domain is not clear.</exception>
    public static TrustedAuthority Load(string argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var file = argument[(equals + 1)..];
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPem(File.ReadAllText(file));
        }
        catch (Exception problem) when (problem is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new PkiException($"The authority's file {file} cannot be read: {problem.Message}", problem);
        }

        var roots = new X509Certificate2Collection(certificates.Where(IsSelfIssued).ToArray());
        var others = new X509Certificate2Collection(certificates.Where(certificate => !IsSelfIssued(certificate)).ToArray());
        return roots.Count > 0
            ? new TrustedAuthority(equals > 0 ? NamedDomain(argument[..equals]) : OwnDomain(certificates, file), roots, others, IsBuiltIn: false)
            : throw new PkiException($"The authority's file {file} holds no self-signed certificate to begin trust with.");
    }

    private static bool IsSelfIssued(X509Certificate2 certificate) =>
        certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);

    private static TrustDomain NamedDomain(string text) =>
        TrustDomain.TryParse(text, out var domain)
            ? domain
            : throw new PkiException($"'{text}' is not a SPIFFE trust domain: lower-case letters, digits, dots, hyphens and underscores.");

    private static TrustDomain OwnDomain(X509Certificate2Collection certificates, string file)
    {
        var uris = certificates.Where(IsSelfIssued).SelectMany(UriNames.Of).Distinct(StringComparer.Ordinal).ToList();
        return uris is [var uri] && uri.StartsWith(SpiffeId.Scheme, StringComparison.Ordinal) && TrustDomain.TryParse(uri[SpiffeId.Scheme.Length..], out var domain)
            ? domain
            : throw new PkiException($"The authority's file {file} does not name one trust domain in its certificates. Give it as --authority DOMAIN={file}.");
    }
}

/// <summary>
/// Verifies client certificates by the configured authorities alone: the system's are not asked, nothing is fetched, and each
/// authority is believed for its own trust domain only. Thread-safe.
/// </summary>
public sealed class TrustStore
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private readonly IReadOnlyList<TrustedAuthority> _authorities;
    private readonly TimeProvider _time;

    /// <summary>Trusts these authorities, each for its own domain.</summary>
    public TrustStore(IReadOnlyList<TrustedAuthority> authorities, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(authorities);
        _authorities = authorities;
        _time = time;
        if (authorities.Count == 0 || authorities.Select(authority => authority.Domain).Distinct().Count() != authorities.Count)
        {
            throw new PkiException("Each authority needs a trust domain of its own, and there must be at least one.");
        }
    }

    /// <summary>The domain of agencies that name none of their own.</summary>
    public TrustDomain DefaultDomain => _authorities[0].Domain;

    /// <summary>The domains.</summary>
    public IEnumerable<TrustDomain> Domains => _authorities.Select(authority => authority.Domain);

    /// <summary>The chain policy for the handshake itself: this trust and no network.</summary>
    public X509ChainPolicy HandshakePolicy()
    {
        var policy = NewPolicy();
        foreach (var authority in _authorities)
        {
            policy.CustomTrustStore.AddRange(authority.Roots);
            policy.ExtraStore.AddRange(authority.Intermediates);
        }

        return policy;
    }

    /// <summary>
    /// Who is behind a certificate, or nothing where no authority vouches for it (the handshake then fails). One that an authority
    /// vouches for but that names nobody, or not one alone, is a peer with a problem.
    /// </summary>
    public PeerIdentity? Verify(X509Certificate2 certificate, X509Certificate2Collection? sent)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var (id, problem) = ReadId(certificate);
        foreach (var authority in _authorities)
        {
            var mayName = id is null || id.Value.Domain == authority.Domain;
            if (mayName && Vouches(authority, certificate, sent))
            {
                return new PeerIdentity(id, problem, certificate, authority.IsBuiltIn);
            }
        }

        return null;
    }

    private static (SpiffeId? Id, PeerProblem Problem) ReadId(X509Certificate2 certificate)
    {
        try
        {
            return UriNames.Of(certificate) switch
            {
                [] => (null, PeerProblem.NoIdentity),
                [var uri] => SpiffeId.TryParse(uri, out var id) ? (id, PeerProblem.None) : (null, PeerProblem.NoIdentity),
                _ => (null, PeerProblem.Ambiguous),
            };
        }
        catch (AsnContentException)
        {
            return (null, PeerProblem.Ambiguous);
        }
    }

    private bool Vouches(TrustedAuthority authority, X509Certificate2 certificate, X509Certificate2Collection? sent)
    {
        using var chain = new X509Chain { ChainPolicy = NewPolicy() };
        chain.ChainPolicy.CustomTrustStore.AddRange(authority.Roots);
        chain.ChainPolicy.ExtraStore.AddRange(authority.Intermediates);
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent);
        }

        return chain.Build(certificate);
    }

    private X509ChainPolicy NewPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = _time.GetUtcNow().UtcDateTime,
            VerificationTimeIgnored = false,
        };
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }
}
