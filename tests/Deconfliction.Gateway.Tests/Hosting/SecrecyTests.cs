using System.Text;
using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Tests.Hosting;

/// <summary>Attack 11 of FAULTS.md, as far as one process goes: what was submitted is in no log line and no file of the store.</summary>
public sealed class SecrecyTests
{
    [Fact]
    public async Task Canary_IsInNoLogAndNoFileOfTheStore()
    {
        const string Canary = "zanary-7f3a91";
        const string Purpose = "why-7f3a91";
        await using var server = await TestServer.StartAsync();
        var alpha = await server.AddAsync("alpha", AgencyRole.LawEnforcement);
        var beta = await server.AddAsync("beta", AgencyRole.LawEnforcement);
        var request = alpha.Claim($"{Canary}@example.net", "email");
        request.Claim.Contact = $"contact {Canary}";
        request.Claim.LegalBasis = $"basis {Canary}";
        request.Claim.Purpose = Purpose;
        var made = await alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(request);
        Assert.Contains(Canary, made.Claim.Identifier);
        var met = await beta.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(beta.Claim($"{Canary}@example.net", "email"));
        Assert.Equal($"contact {Canary}", Assert.Single(met.Overlaps).OtherContact);
        await alpha.Channel.FailAsync<CreateClaimRequest, CreateClaimResponse>(alpha.Claim($"{Canary}@@example..net", "email"));
        await alpha.Channel.FailAsync<CreateClaimRequest, CreateClaimResponse>(alpha.Claim(Canary, Canary));
        var results = await Importing.RunAsync(alpha, alpha.Claim($"{Canary} not an address"), alpha.Claim($"{Canary}2@example.net", "email"));
        Assert.Single(results, result => result.Rejected is not null);
        var check = alpha.Check("x");
        check.Identifier = new IdentifierInput { Kind = "email", Value = $"{Canary}@example.net" };
        await alpha.Channel.CallAsync<CheckRequest, CheckResponse>(check);

        Assert.DoesNotContain(Canary, server.Log.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Purpose, server.Log.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(await FilesWithAsync(server.Data, Canary));

        // What may be there, on the audit record, is found, so the search would have found the canary.
        Assert.NotEmpty(await FilesWithAsync(server.Data, alpha.Officer));
        Assert.NotEmpty(await FilesWithAsync(server.Data, Purpose));
    }

    private static async Task<List<string>> FilesWithAsync(string folder, string text)
    {
        var found = new List<string>();
        var bytes = Encoding.UTF8.GetBytes(text);

        // The lock file is held, and empty.
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)))
        {
            using var content = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var memory = new MemoryStream();
            await content.CopyToAsync(memory);
            if (memory.ToArray().AsSpan().IndexOf(bytes) >= 0)
            {
                found.Add(file);
            }
        }

        return found;
    }
}
