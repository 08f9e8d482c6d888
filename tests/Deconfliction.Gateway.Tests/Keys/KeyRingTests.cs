using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Keys;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Gateway.Tests.Keys;

/// <summary>The ring and the authority belong to their store: anything else is refused at the start.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class KeyRingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Ring => Path.Combine(_folder.Path, "keys", "ring.json");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task FirstStart_MakesFilesThatTheirOwnerAloneCanRead()
    {
        await RunOnceAsync();
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(Owner, File.GetUnixFileMode(Ring));
        Assert.Equal(Owner, File.GetUnixFileMode(Path.Combine(_folder.Path, "keys", "authority.key")));
        Assert.Equal(Owner, File.GetUnixFileMode(Path.Combine(_folder.Path, "pki", "operator.pem")));
        Assert.Equal(Owner | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Combine(_folder.Path, "keys")));
        Assert.Contains("BEGIN CERTIFICATE", await File.ReadAllTextAsync(Path.Combine(_folder.Path, "pki", "ca.pem")));
        var store = Directory.EnumerateFiles(Path.Combine(_folder.Path, "store")).Select(Path.GetFileName);
        Assert.DoesNotContain(store, name => name!.EndsWith(".key", StringComparison.Ordinal) || name == "ring.json");
    }

    [Fact]
    public async Task SecondStart_KeepsKeysAuthorityAndOperator()
    {
        await RunOnceAsync();
        var before = Files();
        await RunOnceAsync();
        Assert.Equal(before, Files());
    }

    [Fact]
    public async Task AnotherRing_IsRefusedByKeyAndRemedy()
    {
        await RunOnceAsync();
        new KeyRingFolder(Path.Combine(_folder.Path, "keys")).Save(KeyRing.Create());
        var refused = await Assert.ThrowsAsync<KeyRingException>(RunOnceAsync);
        Assert.Contains("Key record", refused.Message);
        Assert.Contains("miss every overlap", refused.Message);
        Assert.Contains("Restore", refused.Message);
    }

    [Fact]
    public async Task RingWithAnotherTagKey_IsRefusedByItsId()
    {
        await RunOnceAsync();
        var folder = new KeyRingFolder(Path.Combine(_folder.Path, "keys"));
        folder.Save(new KeyRing(folder.Load()!.RecordSecret, [KeyValuePair.Create(1, new byte[KeyRing.SecretLength])]));
        Assert.Contains("Key 1 of", (await Assert.ThrowsAsync<KeyRingException>(RunOnceAsync)).Message);
    }

    [Fact]
    public async Task RingThatLacksAKey_IsRefusedByItsId()
    {
        await RunOnceAsync();
        var folder = new KeyRingFolder(Path.Combine(_folder.Path, "keys"));
        folder.Save(new KeyRing(folder.Load()!.RecordSecret, [KeyValuePair.Create(2, new byte[KeyRing.SecretLength])]));
        Assert.Contains("lacks key 1", (await Assert.ThrowsAsync<KeyRingException>(RunOnceAsync)).Message);
    }

    [Fact]
    public async Task RingWithANewKey_IsRefused_BecauseNothingRewritesTheTags()
    {
        await RunOnceAsync();
        var folder = new KeyRingFolder(Path.Combine(_folder.Path, "keys"));
        var own = folder.Load()!;
        folder.Save(new KeyRing(own.RecordSecret, [
            .. own.IdentifierKeys.Select(static key => KeyValuePair.Create(key.Id, key.Secret.ToArray())), KeyValuePair.Create(2, new byte[KeyRing.SecretLength])]));
        var refused = await Assert.ThrowsAsync<KeyRingException>(RunOnceAsync);
        Assert.Contains("has key 2, with which this store was not made", refused.Message);

        folder.Save(own);
        await RunOnceAsync();
    }

    [Fact]
    public async Task MissingRing_WithAStore_IsRefused_AndNoneIsMade()
    {
        await RunOnceAsync();
        File.Delete(Ring);
        Assert.Contains("is missing", (await Assert.ThrowsAsync<KeyRingException>(RunOnceAsync)).Message);
        Assert.False(File.Exists(Ring));
    }

    [Fact]
    public async Task RingOpenToOthers_IsRefused()
    {
        await RunOnceAsync();
        File.SetUnixFileMode(Ring, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.Contains("chmod 600", (await Assert.ThrowsAsync<KeyRingException>(RunOnceAsync)).Message);
    }

    [Fact]
    public async Task HalfWrittenRing_IsRefused_WithoutItsContent()
    {
        await RunOnceAsync();
        var content = await File.ReadAllTextAsync(Ring);
        await File.WriteAllTextAsync(Ring, content[..^30]);
        var refused = await Assert.ThrowsAsync<KeyRingException>(RunOnceAsync);
        Assert.DoesNotContain(content.Split('"')[5], refused.ToString());
    }

    [Theory]
    [InlineData("keys/authority.key")]
    [InlineData("pki/ca.pem")]
    public async Task IncompleteAuthority_IsRefused(string file)
    {
        await RunOnceAsync();
        File.Delete(Path.Combine(_folder.Path, file));
        Assert.Contains("Restore it", (await Assert.ThrowsAsync<PkiException>(RunOnceAsync)).Message);
    }

    [Fact]
    public async Task FirstStart_BrokenOffBetweenTheAuthoritysFiles_IsGoneOnWith()
    {
        var pki = new PkiFolder(Path.Combine(_folder.Path, "pki"), Path.Combine(_folder.Path, "keys"));
        Assert.True(TrustDomain.TryParse("deconfliction.local", out var domain));
        pki.OpenAuthority(domain, KeyRing.Create(), storeIsNew: true, TimeProvider.System).Dispose();
        var key = await File.ReadAllTextAsync(pki.AuthorityKeyFile);
        File.Delete(pki.AuthorityFile);

        await RunOnceAsync();

        Assert.Equal(key, await File.ReadAllTextAsync(pki.AuthorityKeyFile));
    }

    [Fact]
    public void AuthoritysKey_ThatCannotBeRead_OfANewStore_SaysWhatToDo()
    {
        var pki = new PkiFolder(Path.Combine(_folder.Path, "pki"), Path.Combine(_folder.Path, "keys"));
        Directory.CreateDirectory(Path.Combine(_folder.Path, "keys"));
        File.WriteAllText(pki.AuthorityKeyFile, "cut off");
        Assert.True(TrustDomain.TryParse("deconfliction.local", out var domain));

        var refused = Assert.Throws<PkiException>(() => pki.OpenAuthority(domain, KeyRing.Create(), storeIsNew: true, TimeProvider.System));

        Assert.Contains("move it away", refused.Message, StringComparison.Ordinal);
        Assert.Equal("cut off", File.ReadAllText(pki.AuthorityKeyFile));
    }

    [Fact]
    public async Task MissingAuthority_WithMembers_IsRefused_NotReplaced()
    {
        await RunOnceAsync();
        File.Delete(Path.Combine(_folder.Path, "keys", "authority.key"));
        File.Delete(Path.Combine(_folder.Path, "pki", "ca.pem"));
        Assert.Contains("shut them all out", (await Assert.ThrowsAsync<PkiException>(RunOnceAsync)).Message);
    }

    private async Task RunOnceAsync()
    {
        await using var server = await TestServer.StartOnAsync(_folder.Path);
        using var channel = server.Operator();
        var agencies = await channel.CallAsync<ListAgenciesRequest, ListAgenciesResponse>(new ListAgenciesRequest());
        Assert.Equal("operator", Assert.Single(agencies.Agencies).Agency_);
    }

    private string Files() => string.Join('\n', new[] { "keys/ring.json", "keys/authority.key", "pki/ca.pem", "pki/operator.pem" }
        .Select(file => File.ReadAllText(Path.Combine(_folder.Path, file))));
}
