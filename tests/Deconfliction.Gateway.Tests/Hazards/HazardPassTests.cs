using System.Security.Cryptography.X509Certificates;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Deconfliction.Server.Hosting;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Gateway.Tests.Hazards;

public sealed class HazardPassTests
{
    [Fact]
    public async Task ChangedCatalogue_IsAppliedToWhatWasClaimedBefore_AndTakenBack()
    {
        using var folder = new TemporaryFolder();
        const string Address = "20.77.0.1";
        await File.WriteAllTextAsync(folder["vpn.json"], $$"""{ "name": "vpn", "type": "cidr", "list": ["{{Address}}/32"] }""");
        string claim;
        X509Certificate2 identity;
        await using (var server = await TestServer.StartOnAsync(folder["data"]))
        {
            var alpha = await server.AddAsync("alpha", AgencyRole.LawEnforcement);
            var made = await alpha.ClaimAsync(Address);
            Assert.Null(made.Hazard);
            claim = made.Claim.Claim_;
            identity = X509CertificateLoader.LoadPkcs12(alpha.Certificate.Export(X509ContentType.Pkcs12), password: null);
        }

        await ExpectAsync(folder, identity, claim, "OPERATOR_LIST", "--hazards", folder["vpn.json"]);
        await ExpectAsync(folder, identity, claim, "");
        identity.Dispose();
    }

    [Theory]
    [InlineData("{")]
    [InlineData("""{ "name": "vpn", "type": "cidr", "list": ["20.0.0.0/99"] }""")]
    public async Task ListThatCannotBeRead_IsWrongUse_AndSaysWhatWouldBeRight(string text)
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder["vpn.json"], text);

        var refused = Assert.Throws<StartException>(() => HazardLists.Read([folder["vpn.json"]]));

        Assert.Equal(2, refused.Ends);
        Assert.StartsWith($"--hazards is '{folder["vpn.json"]}'", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("Give a list in the JSON of MISP's warning lists.", refused.Message, StringComparison.Ordinal);
    }

    private static async Task ExpectAsync(TemporaryFolder folder, X509Certificate2 identity, string claim, string reason, params string[] more)
    {
        await using var server = await TestServer.StartOnAsync(folder["data"], more);
        var channel = server.Channel(identity);
        await Waiting.UntilAsync($"hazard '{reason}'", TimeSpan.FromSeconds(20), async () =>
        {
            var read = await channel.CallAsync<GetClaimRequest, GetClaimResponse>(new GetClaimRequest { Claim = claim });
            return (read.Claim.Hazard?.Reason ?? "") == reason;
        });
    }
}
