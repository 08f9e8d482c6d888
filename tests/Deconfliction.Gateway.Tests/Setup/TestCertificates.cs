using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Deconfliction.Gateway.Tests.Setup;

/// <summary>An authority of the tests' own, or one whose key was stolen: signs whatever is asked for.</summary>
internal sealed class TestAuthority : IDisposable
{
    private readonly ECDsa _key;

    private TestAuthority(X509Certificate2 certificate, ECDsa key)
    {
        Certificate = certificate;
        _key = key;
    }

    public X509Certificate2 Certificate { get; }

    public static TestAuthority Create(string domain)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=Authority of {domain}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(Deconfliction.Gateway.Identity.UriNames.Build($"spiffe://{domain}"));
        return new TestAuthority(request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10)), key);
    }

    /// <summary>The server's own authority, by the files that it keeps.</summary>
    public static TestAuthority Stolen(TestServer server)
    {
        var key = ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(server.Host.Pki.AuthorityKeyFile));
        return new TestAuthority(X509Certificate2.CreateFromPem(File.ReadAllText(server.Host.Pki.AuthorityFile)), key);
    }

    public string Save(string path)
    {
        File.WriteAllText(path, Certificate.ExportCertificatePem());
        return path;
    }

    /// <summary>A client certificate with these URIs.</summary>
    public X509Certificate2 Sign(string[] uris, TimeSpan? life = null, TimeSpan? age = null, byte[]? serial = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=client", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        if (uris.Length > 0)
        {
            request.CertificateExtensions.Add(Names(uris));
        }

        var from = DateTimeOffset.UtcNow - (age ?? TimeSpan.FromMinutes(5));
        using var bare = request.Create(
            Certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(_key), from,
            DateTimeOffset.UtcNow + (life ?? TimeSpan.FromDays(1)), serial ?? [0x41, .. RandomNumberGenerator.GetBytes(8)]);
        using var withKey = bare.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pkcs12), password: null);
    }

    // To the letter: System.Uri would write some of them otherwise.
    private static X509Extension Names(string[] uris)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            foreach (var uri in uris)
            {
                writer.WriteCharacterString(UniversalTagNumber.IA5String, uri, new Asn1Tag(TagClass.ContextSpecific, 6));
            }
        }

        return new X509Extension("2.5.29.17", writer.Encode(), critical: false);
    }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
    }
}

/// <summary>Certificates from PEM, usable by TLS.</summary>
internal static class TestCertificates
{
    public static X509Certificate2 WithKey(string certificatePem, string keyPem)
    {
        using var certificate = X509Certificate2.CreateFromPem(certificatePem, keyPem);
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
    }
}
