using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Keys;
using Microsoft.Extensions.Time.Testing;

namespace Deconfliction.Silo.Tests.Identity;

/// <summary>Whom a silo takes for a silo.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class SiloIdentityTests : IDisposable
{
    private readonly ClusterFolder _cluster = new();

    public SiloIdentityTests()
    {
        _cluster.Init();
        _cluster.Issue("two");
    }

    [Fact]
    public void Verify_ASiloOfTheSameAuthority_GivesItsName()
    {
        using var one = _cluster.Load("silo-7411");
        using var two = _cluster.Load("two");

        Assert.Equal("two", one.Verify(two.Certificate));
    }

    [Fact]
    public void Verify_ASiloOfAnotherAuthority_IsNobody()
    {
        using var elsewhere = new ClusterFolder();
        elsewhere.Init();
        using var stranger = elsewhere.Load("silo-7411");
        using var one = _cluster.Load("silo-7411");

        Assert.Null(one.Verify(stranger.Certificate));
    }

    [Fact]
    public void Verify_TheAuthorityItself_IsNobody()
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(_cluster.Options().AuthorityFile);
        using var one = _cluster.Load("silo-7411");

        Assert.Null(one.Verify(authority));
    }

    [Theory]
    [InlineData("spiffe://deconfliction.local/agency/alpha")]
    [InlineData("spiffe://deconfliction.local/silo/")]
    [InlineData("spiffe://deconfliction.local/silo/two/three")]
    [InlineData("spiffe://deconfliction.local/silo/Two")]
    [InlineData("spiffe://elsewhere.example/silo/two")]
    [InlineData("https://deconfliction.local/silo/two")]
    public void Verify_OtherNamesUnderTheSilosAuthority_AreNobody(string uri)
    {
        using var made = Sign(uri, CertificateDraft.Silo);
        using var one = _cluster.Load("silo-7411");

        Assert.Null(one.Verify(made));
    }

    [Fact]
    public void Verify_ASilosNameForOneEndOnly_IsNobody()
    {
        // As an agency's: client authentication alone.
        using var made = Sign("spiffe://deconfliction.local/silo/two", (name, uri, key, issuer) =>
        {
            var request = CertificateDraft.Agency(new SpiffeId(_cluster.Domain, AgencyId.Parse("alpha")), key, issuer);
            request.CertificateExtensions.Remove(request.CertificateExtensions.Single(static one => one.Oid!.Value == "2.5.29.17"));
            request.CertificateExtensions.Add(UriNames.Build(uri));
            return request;
        });
        using var one = _cluster.Load("silo-7411");

        Assert.Null(one.Verify(made));
    }

    [Fact]
    public void Verify_AfterItsEnd_IsNobody()
    {
        using var two = _cluster.Load("two");
        var time = new FakeTimeProvider(new DateTimeOffset(two.Certificate.NotAfter).AddMinutes(-1));
        using var one = _cluster.Load("two", time: time);
        Assert.Equal("two", one.Verify(two.Certificate));

        time.Advance(TimeSpan.FromMinutes(2));

        Assert.Null(one.Verify(two.Certificate));
    }

    [Fact]
    public void Verify_WhileAnotherAuthorityTakesOver_SilosOfBothAreKnownToEachOther()
    {
        var (certificate, key) = (_cluster.Options().AuthorityFile, Path.Combine(_cluster.Path, "keys", "silo-authority.key"));
        File.Move(certificate, certificate + ".old");
        File.Move(key, key + ".old");
        _cluster.Init(); // The silos' authority is made anew; nothing else is.
        var (old, made) = (File.ReadAllText(certificate + ".old"), File.ReadAllText(certificate));
        File.WriteAllText(certificate, made + old);
        _cluster.Issue("three");
        using var two = _cluster.Load("two");
        using var three = _cluster.Load("three");
        Assert.Equal("three", two.Verify(three.Certificate));
        Assert.Equal("two", three.Verify(two.Certificate));

        File.WriteAllText(certificate, made);
        using var after = _cluster.Load("three");
        Assert.Equal("three", after.Verify(three.Certificate));
        Assert.Null(after.Verify(two.Certificate));
        Assert.Throws<PkiException>(() => _cluster.Load("two"));
    }

    [Fact]
    public void Load_IdentityOfAnotherSilo_SaysWhose()
    {
        var problem = Assert.Throws<PkiException>(() => _cluster.Load("silo-7411", _cluster.IdentityOf("two")));
        Assert.Contains("is that of 'two', and --silo-name is 'silo-7411'", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_IdentityOpenToOthers_IsRefused()
    {
        File.SetUnixFileMode(_cluster.IdentityOf("two"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var problem = Assert.Throws<PkiException>(() => _cluster.Load("two"));
        Assert.Contains($"chmod 600 {_cluster.IdentityOf("two")}", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_IdentityOfAnotherAuthority_IsRefusedAtTheStart()
    {
        using var elsewhere = new ClusterFolder();
        elsewhere.Init();
        var problem = Assert.Throws<PkiException>(() => _cluster.Load("silo-7411", elsewhere.IdentityOf("silo-7411")));
        Assert.Contains("vouches for", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_NoFile_NamesItAndHowToMakeIt()
    {
        var problem = Assert.Throws<PkiException>(() => _cluster.Load("three"));
        Assert.Contains($"--silo-identity {_cluster.IdentityOf("three")} is not there", problem.Message, StringComparison.Ordinal);
        Assert.Contains("deconfliction-silo identity three --out", problem.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _cluster.Dispose();

    // By the silos' authority itself, as somebody would who has its key or can deceive who has.
    private X509Certificate2 Sign(string uri, Func<string, string, PublicKey, X509Certificate2, CertificateRequest> draft)
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(_cluster.Options().AuthorityFile);
        using var authorityKey = ECDsa.Create();
        authorityKey.ImportFromPem(File.ReadAllText(Path.Combine(_cluster.Path, "keys", "silo-authority.key")));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return draft("two", uri, new PublicKey(key), authority).Create(
            authority.SubjectName, X509SignatureGenerator.CreateForECDsa(authorityKey), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddDays(1), [1, 2, 3, 4]);
    }
}
