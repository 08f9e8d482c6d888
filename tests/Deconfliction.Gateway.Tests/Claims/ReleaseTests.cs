using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Gateway.Tests.Claims;

/// <summary>Releasing claims over the wire.</summary>
[Collection(SharedServerTests.Name)]
public sealed class ReleaseTests(SharedServer shared)
{
    [Fact]
    public async Task ReleaseClaim_ThatHasEnded_ChangesNothingAndSucceeds()
    {
        var made = await shared.Alpha.ClaimAsync();
        var first = await ReleaseAsync(made.Claim.Claim_);
        var again = await ReleaseAsync(made.Claim.Claim_);
        Assert.Equal(ClaimState.Released, first.Claim.State);
        Assert.Equal(first, again);
    }

    private Task<ReleaseClaimResponse> ReleaseAsync(string claim) => shared.Alpha.Channel.CallAsync<ReleaseClaimRequest, ReleaseClaimResponse>(
        new ReleaseClaimRequest { RequestId = Calls.NewId(), RequestedBy = shared.Alpha.Officer, Claim = claim });
}
