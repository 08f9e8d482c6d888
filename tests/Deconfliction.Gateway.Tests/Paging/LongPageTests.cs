using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Tests.Paging;

/// <summary>Pages whose items together are more than one message may hold.</summary>
[Collection(SharedServerTests.Name)]
public sealed class LongPageTests(SharedServer shared)
{
    [Fact]
    public async Task ListClaims_FullPageOfTheLongestValues_FitsIntoMessages()
    {
        const int Count = 1_000;
        var claims = Enumerable.Range(0, Count).Select(Longest).ToArray();
        foreach (var some in claims.Chunk(250))
        {
            Assert.All(await Importing.RunAsync(shared.Alpha, some), result => Assert.NotNull(result.Accepted));
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        var request = new ListClaimsRequest { PageSize = Count, CaseReference = "long-case" };
        do
        {
            var page = await shared.Alpha.Channel.CallAsync<ListClaimsRequest, ListClaimsResponse>(request);
            Assert.All(page.Claims, claim => Assert.True(seen.Add(claim.Claim_)));
            request.PageToken = page.NextPageToken;
        }
        while (request.PageToken.Length > 0);
        Assert.Equal(Count, seen.Count);
    }

    private CreateClaimRequest Longest(int number)
    {
        var claim = shared.Alpha.Claim($"https://long.example/{number}/".PadRight(2_000, 'x'), "url", "long-case");
        claim.Claim.Purpose = claim.Claim.LegalBasis = claim.Claim.Contact = new string('y', 256);
        return claim;
    }
}
