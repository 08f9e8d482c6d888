using System.Runtime.Versioning;
using Deconfliction.Gateway.Identity;

namespace Deconfliction.Silo.Tests.Identity;

/// <summary><c>init</c> and <c>identity</c>: they make what is missing, keep what is there, and keep it from others.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class IdentityCommandTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    [Fact]
    public void Init_InAnEmptyFolder_MakesAllThatAFirstSiloNeeds()
    {
        using var cluster = new ClusterFolder();

        var said = cluster.Init();

        Assert.Equal(
            ["keys/authority.key", "keys/ring.json", "keys/silo-authority.key", "pki/ca.pem", "pki/silo-ca.pem", "pki/silos/silo-7411.pem"],
            cluster.Files().Keys.Order(StringComparer.Ordinal));
        Assert.Contains("identity of silo-7411", said, StringComparison.Ordinal);
        using var identity = cluster.Load("silo-7411");
        Assert.Equal("silo-7411", identity.Verify(identity.Certificate));
    }

    [Fact]
    public void Init_Again_ChangesNothing()
    {
        using var cluster = new ClusterFolder();
        cluster.Init();
        var before = cluster.Files();

        var said = cluster.Init();

        Assert.Equal(before, cluster.Files());
        Assert.DoesNotContain("(new)", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Init_ForASecondName_AddsItsIdentityAlone()
    {
        using var cluster = new ClusterFolder();
        cluster.Init();
        var before = cluster.Files();

        cluster.Init("--silo-name", "two");

        Assert.Equal(["pki/silos/two.pem"], cluster.Files().Keys.Except(before.Keys));
        Assert.Equal(before, before.Keys.ToDictionary(static file => file, file => cluster.Files()[file]));
    }

    [Fact]
    public void Init_HalfOfTheAuthorityIsLost_SaysWhichFileAndMakesNoOther()
    {
        using var cluster = new ClusterFolder();
        cluster.Init();
        File.Delete(Path.Combine(cluster.Path, "keys", "silo-authority.key"));
        File.Delete(cluster.IdentityOf("silo-7411"));

        var problem = Assert.Throws<PkiException>(() => cluster.Init());

        Assert.Contains("silo-authority.key is missing", problem.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(cluster.Path, "keys", "silo-authority.key")));
    }

    [Fact]
    public void Issue_FileIsThere_KeepsIt()
    {
        using var cluster = new ClusterFolder();
        cluster.Init();
        cluster.Issue("two");
        var before = cluster.Files();

        var problem = Assert.Throws<PkiException>(() => cluster.Issue("two"));

        Assert.Contains($"{cluster.IdentityOf("two")} is there already", problem.Message, StringComparison.Ordinal);
        Assert.Equal(before, cluster.Files());
    }

    [Fact]
    public void Secrets_AfterInitAndIssue_AreOpenToTheirOwnerAlone()
    {
        using var cluster = new ClusterFolder();
        cluster.Init();
        cluster.Issue("two");

        var secrets = Directory.EnumerateFiles(Path.Combine(cluster.Path, "keys")).Append(cluster.IdentityOf("silo-7411")).Append(cluster.IdentityOf("two")).ToList();
        Assert.Equal(5, secrets.Count);
        Assert.All(secrets, static file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(cluster.Path, "keys")));
    }

    [Fact]
    public void Issue_AuthorityKeyOpenToOthers_IsRefused()
    {
        using var cluster = new ClusterFolder();
        cluster.Init();
        var key = Path.Combine(cluster.Path, "keys", "silo-authority.key");
        File.SetUnixFileMode(key, OwnerOnly | UnixFileMode.GroupRead);

        var problem = Assert.Throws<PkiException>(() => cluster.Issue("two"));

        Assert.Contains($"chmod 600 {key}", problem.Message, StringComparison.Ordinal);
    }
}
