using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Gateway.Tests.Claims;

/// <summary>Attack 7 of FAULTS.md, and rule 5: one request id, one effect, one answer.</summary>
[Collection(SharedServerTests.Name)]
public sealed class RequestIdTests(SharedServer shared)
{
    [Fact]
    public async Task SameRequestAgain_GivesTheSameClaim()
    {
        var request = shared.Alpha.Claim();
        var first = await shared.Alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(request);
        var again = await shared.Alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(request);
        Assert.Equal(first, again);
        Assert.False(again.Duplicate);
    }

    [Fact]
    public async Task SameClaimWithANewId_IsADuplicate()
    {
        var request = shared.Alpha.Claim();
        var first = await shared.Alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(request);
        request.RequestId = Calls.NewId();
        var again = await shared.Alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(request);
        Assert.True(again.Duplicate);
        Assert.Equal(first.Claim, again.Claim);
    }

    [Fact]
    public async Task SameRequestInAnImport_IsTheSameRequest()
    {
        var request = shared.Alpha.Claim();
        var first = await shared.Alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(request);
        var result = Assert.Single(await Importing.RunAsync(shared.Alpha, request));
        Assert.Equal(first.Claim.Claim_, result.Accepted.Claim);
    }

    [Fact]
    public async Task SameIdWithAnotherPayload_IsRefused()
    {
        var request = shared.Alpha.Claim();
        await shared.Alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(request);
        request.Claim.Purpose = "another";
        var refused = await shared.Alpha.Channel.FailAsync<CreateClaimRequest, CreateClaimResponse>(request);
        Assert.Equal((StatusCode.InvalidArgument, "REQUEST_ID_REUSED"), (refused.StatusCode, refused.Reason()));
    }

    [Fact]
    public async Task SameIdForAnotherOfficerOrOperation_IsRefused()
    {
        var request = shared.Alpha.Claim();
        var made = await shared.Alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(request);
        var other = new CreateClaimRequest(request) { RequestedBy = "somebody else" };
        Assert.Equal("REQUEST_ID_REUSED", (await shared.Alpha.Channel.FailAsync<CreateClaimRequest, CreateClaimResponse>(other)).Reason());
        var release = new ReleaseClaimRequest { RequestId = request.RequestId, RequestedBy = request.RequestedBy, Claim = made.Claim.Claim_ };
        Assert.Equal("REQUEST_ID_REUSED", (await shared.Alpha.Channel.FailAsync<ReleaseClaimRequest, ReleaseClaimResponse>(release)).Reason());
    }

    [Fact]
    public async Task SameIdOfAnotherAgency_IsAnotherRequest()
    {
        var request = shared.Alpha.Claim();
        var alphas = await shared.Alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(request);
        var betas = await shared.Beta.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(request);
        Assert.NotEqual(alphas.Claim.Claim_, betas.Claim.Claim_);
        Assert.Single(betas.Overlaps);
    }

    [Fact]
    public async Task ChangedClaim_EtagOfBefore_IsAborted_ButTheSameRequestAgainIsNot()
    {
        var made = await shared.Alpha.ClaimAsync();
        var renew = new RenewClaimRequest { RequestId = Calls.NewId(), RequestedBy = "o", Claim = made.Claim.Claim_, Etag = made.Claim.Etag };
        var renewed = await shared.Alpha.Channel.CallAsync<RenewClaimRequest, RenewClaimResponse>(renew);
        Assert.NotEqual(made.Claim.Etag, renewed.Claim.Etag);
        var again = await shared.Alpha.Channel.CallAsync<RenewClaimRequest, RenewClaimResponse>(renew);
        Assert.Equal(renewed.Claim, again.Claim);
        renew.RequestId = Calls.NewId();
        var late = await shared.Alpha.Channel.FailAsync<RenewClaimRequest, RenewClaimResponse>(renew);
        Assert.Equal((StatusCode.Aborted, "ETAG_MISMATCH"), (late.StatusCode, late.Reason()));
        Assert.Equal(["etag"], late.Fields());
    }

    [Fact]
    public async Task Update_ChangesSealedFields_AndKeepsTheOthers()
    {
        var request = shared.Alpha.Claim();
        request.Claim.LegalBasis = "Art. 8";
        request.Claim.Purpose = "why";
        var made = await shared.Alpha.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(request);
        Assert.Equal("desk@alpha", made.Claim.Contact);
        var updated = await shared.Alpha.Channel.CallAsync<UpdateClaimRequest, UpdateClaimResponse>(new UpdateClaimRequest
        {
            RequestId = Calls.NewId(), RequestedBy = "o", Claim = made.Claim.Claim_, Etag = made.Claim.Etag, Contact = "new desk", Priority = Priority.Urgent,
        });
        Assert.Equal(
            ("new desk", "Art. 8", "why", Priority.Urgent, made.Claim.Identifier),
            (updated.Claim.Contact, updated.Claim.LegalBasis, updated.Claim.Purpose, updated.Claim.Priority, updated.Claim.Identifier));
    }
}
