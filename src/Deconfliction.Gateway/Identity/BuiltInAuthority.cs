using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Keys;
using Deconfliction.Ledger.Agencies;

namespace Deconfliction.Gateway.Identity;

/// <summary>
/// The grid's own certificate authority (ECDSA P-256): signs the server's certificate and, unless outside authorities are
/// configured, those of the agencies. Thread-safe.
/// </summary>
public sealed class BuiltInAuthority : IDisposable
{
    private const int SerialLength = 16;

    // Clocks of members differ; a certificate made just now must already be valid at theirs.
    private static readonly TimeSpan s_backdating = TimeSpan.FromMinutes(5);
    private readonly X509Certificate2 _certificate;
    private readonly ECDsa _key;
    private readonly byte[] _serialKey;
    private readonly TimeProvider _time;

    internal BuiltInAuthority(TrustDomain domain, X509Certificate2Collection trusted, ECDsa key, KeyRing ring, TimeProvider time)
    {
        Domain = domain;
        Trusted = trusted;
        _certificate = trusted[0];
        _key = key;
        _serialKey = ring.DeriveSerialKey();
        _time = time;
        CertificatePem = string.Concat(trusted.Select(static one => one.ExportCertificatePem() + "\n"));
    }

    /// <summary>How long an agency's certificate is valid.</summary>
    public static TimeSpan AgencyCertificateLifetime { get; } = TimeSpan.FromDays(365);

    /// <summary>How long a server's certificate is valid; it renews itself before.</summary>
    public static TimeSpan ServerCertificateLifetime { get; } = TimeSpan.FromDays(90);

    /// <summary>The domain that it vouches for.</summary>
    public TrustDomain Domain { get; }

    /// <summary>Its certificate, in PEM, and after it those of <see cref="Trusted"/>: what agencies must know the server by.</summary>
    public string CertificatePem { get; }

    /// <summary>
    /// Whose certificates are good: its own, which comes first, and while it takes another's place or another takes its place, that one's.
    /// </summary>
    public X509Certificate2Collection Trusted { get; }

    /// <summary>Its certificate, without the key.</summary>
    public X509Certificate2 Certificate => _certificate;

    /// <summary>
    /// What a certificate of a request will say of itself. The serial number follows from agency and request id, so that a repeated
    /// request (rule 5) gets its certificate again, not a second one.
    /// </summary>
    public CertificateRecord Draft(AgencyId agency, Guid requestId)
    {
        var name = new byte[16 + agency.Value.Length];
        requestId.TryWriteBytes(name, bigEndian: true, out _);
        System.Text.Encoding.ASCII.GetBytes(agency.Value, name.AsSpan(16));
        var serial = HMACSHA256.HashData(_serialKey, name)[..SerialLength];
        // Positive and without leading zeros, as RFC 5280, section 4.1.2.2 and DER ask for.
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        var now = _time.GetUtcNow();
        return new CertificateRecord(
            Convert.ToHexStringLower(serial),
            WholeSeconds(now - s_backdating),
            WholeSeconds(Earlier(now + AgencyCertificateLifetime, _certificate.NotAfter)),
            IsRevoked: false,
            ExpiryAnnounced: false);
    }

    /// <summary>Signs an agency's certificate for a public key, in PEM.</summary>
    public string Sign(AgencyId agency, CertificateRecord record, PublicKey key)
    {
        ArgumentNullException.ThrowIfNull(record);
        using var certificate = Issue(
            CertificateDraft.Agency(new SpiffeId(Domain, agency), key, _certificate),
            record.NotBefore,
            record.NotAfter,
            Convert.FromHexString(record.Serial));
        return certificate.ExportCertificatePem() + "\n";
    }

    /// <summary>A new server certificate with a new key.</summary>
    public X509Certificate2 IssueServerCertificate(IReadOnlyCollection<string> hosts)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = _time.GetUtcNow();
        var serial = RandomNumberGenerator.GetBytes(SerialLength);
        serial[0] = (byte)((serial[0] & 0x3F) | 0x40);
        using var bare = Issue(
            CertificateDraft.Server(hosts, new PublicKey(key), _certificate),
            now - s_backdating,
            Earlier(now + ServerCertificateLifetime, _certificate.NotAfter),
            serial);
        using var withKey = bare.CopyWithPrivateKey(key);
        // TLS needs a key that outlives this method; a PKCS #12 round trip gives one on every platform.
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var one in Trusted)
        {
            one.Dispose();
        }

        _key.Dispose();
    }

    private X509Certificate2 Issue(CertificateRequest request, DateTimeOffset notBefore, DateTimeOffset notAfter, byte[] serial) =>
        request.Create(_certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), notBefore, notAfter, serial);

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTime other) =>
        one.UtcDateTime < other.ToUniversalTime() ? one : new DateTimeOffset(other.ToUniversalTime());

    private static DateTimeOffset WholeSeconds(DateTimeOffset at) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds());
}
