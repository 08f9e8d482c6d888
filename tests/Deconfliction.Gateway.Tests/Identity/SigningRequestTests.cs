using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Client.Identities;
using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Tests.Identity;

[Collection(SharedServerTests.Name)]
public sealed class SigningRequestTests(SharedServer shared)
{
    [Theory]
    [InlineData("p256", "")]
    [InlineData("p384", "")]
    [InlineData("p521", "WEAK_KEY")]
    [InlineData("rsa3072", "")]
    [InlineData("rsa2048", "WEAK_KEY")]
    [InlineData("garbage", "BAD_CSR")]
    [InlineData("empty", "MISSING_CSR")]
    [InlineData("forged", "BAD_CSR")]
    public void Read_TakesGoodKeysThatTheirSenderHas(string what, string reason)
    {
        var (key, actual, _) = SigningRequest.Read(Make(what));
        Assert.Equal(reason, actual);
        Assert.Equal(reason.Length == 0, key is not null);
    }

    [Fact]
    public async Task RenewCertificate_IgnoresWhatTheRequestSaysOfItself()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=beta", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(UriNames.Build("spiffe://deconfliction.local/agency/beta"));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var renewed = await shared.Alpha.Channel.CallAsync<RenewCertificateRequest, RenewCertificateResponse>(new RenewCertificateRequest
        {
            RequestId = Calls.NewId(), RequestedBy = "officer", CsrPem = request.CreateSigningRequestPem(),
        });
        using var certificate = TestCertificates.WithKey(renewed.CertificatePem, key.ExportPkcs8PrivateKeyPem());
        Assert.Equal("CN=alpha", certificate.Subject);
        Assert.Equal(["spiffe://deconfliction.local/agency/alpha"], UriNames.Of(certificate));
        Assert.DoesNotContain(certificate.Extensions.OfType<X509BasicConstraintsExtension>(), constraints => constraints.CertificateAuthority);
        Assert.InRange(certificate.NotAfter - DateTime.Now, TimeSpan.FromDays(364), TimeSpan.FromDays(365));

        // The new one is taken, and so is the old one.
        await shared.Server.Channel(certificate).CallAsync<ListClaimsRequest, ListClaimsResponse>(new ListClaimsRequest());
        await shared.Alpha.Channel.CallAsync<ListClaimsRequest, ListClaimsResponse>(new ListClaimsRequest());
    }

    [Fact]
    public async Task CreateAgency_Repeated_GivesTheSameCertificateAgain()
    {
        var pair = CertificateRequestPair.Create("repeated");
        var request = new CreateAgencyRequest
        {
            RequestId = Calls.NewId(), Agency = "repeated", Name = "Repeated", Role = AgencyRole.Hotline, Contact = "desk", CsrPem = pair.RequestPem,
        };
        using var channel = shared.Server.Operator();
        var first = await channel.CallAsync<CreateAgencyRequest, CreateAgencyResponse>(request);
        var again = await channel.CallAsync<CreateAgencyRequest, CreateAgencyResponse>(request);
        Assert.Equal(first.Agency, again.Agency);
        using var certificate = TestCertificates.WithKey(again.CertificatePem, pair.KeyPem);
        Assert.Equal(Assert.Single(first.Agency.Certificates).Serial, certificate.SerialNumber);
        await shared.Server.Channel(certificate).CallAsync<ListClaimsRequest, ListClaimsResponse>(new ListClaimsRequest());

        var other = await channel.FailAsync<CreateAgencyRequest, CreateAgencyResponse>(
            new CreateAgencyRequest(request) { RequestId = Calls.NewId(), Name = "Another" });
        Assert.Equal("AGENCY_EXISTS", other.Reason());
    }

    private static string Make(string what)
    {
        switch (what)
        {
            case "p256": return Elliptic(ECCurve.NamedCurves.nistP256);
            case "p384": return Elliptic(ECCurve.NamedCurves.nistP384);
            case "p521": return Elliptic(ECCurve.NamedCurves.nistP521);
            case "rsa3072": return Rsa(3072);
            case "rsa2048": return Rsa(2048);
            case "garbage": return "-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----\n";
            case "empty": return "";
            case "forged":
                // A signature that is not the key's.
                var pem = Elliptic(ECCurve.NamedCurves.nistP256);
                var bytes = Convert.FromBase64String(pem[PemEncoding.Find(pem).Base64Data]);
                bytes[^1] ^= 1;
                return PemEncoding.WriteString("CERTIFICATE REQUEST", bytes);
            default: throw new ArgumentOutOfRangeException(nameof(what));
        }
    }

    private static string Elliptic(ECCurve curve)
    {
        using var key = ECDsa.Create(curve);
        return new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
    }

    private static string Rsa(int bits)
    {
        using var key = RSA.Create(bits);
        return new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequestPem();
    }
}
