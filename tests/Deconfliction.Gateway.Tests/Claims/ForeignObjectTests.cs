using Deconfliction.Gateway.Tests.Setup;
using Deconfliction.Protocol.V1;
using Google.Protobuf;

namespace Deconfliction.Gateway.Tests.Claims;

/// <summary>Attack 4 of FAULTS.md: another agency's object answers with the same bytes as one that does not exist.</summary>
[Collection(SharedServerTests.Name)]
public sealed class ForeignObjectTests(SharedServer shared)
{
    private const string NotFound = "5";

    public static TheoryData<string, Func<string, IMessage>> ClaimMethods => new()
    {
        { "ClaimService/GetClaim", id => new GetClaimRequest { Claim = id } },
        { "ClaimService/UpdateClaim", id => new UpdateClaimRequest { RequestId = Calls.NewId(), RequestedBy = "o", Claim = id, Contact = "me" } },
        { "ClaimService/UpdateClaim", id => new UpdateClaimRequest { RequestId = Calls.NewId(), RequestedBy = "o", Claim = id, Priority = Priority.High, Etag = "\"r7\"" } },
        { "ClaimService/RenewClaim", id => new RenewClaimRequest { RequestId = Calls.NewId(), RequestedBy = "o", Claim = id } },
        { "ClaimService/RenewClaim", id => new RenewClaimRequest { RequestId = Calls.NewId(), RequestedBy = "o", Claim = id, Etag = "\"r7\"" } },
        { "ClaimService/ReleaseClaim", id => new ReleaseClaimRequest { RequestId = Calls.NewId(), RequestedBy = "o", Claim = id } },
        { "OverlapService/RequestContact", id => new RequestContactRequest { RequestId = Calls.NewId(), RequestedBy = "o", Claim = id } },
    };

    public static TheoryData<string, Func<string, IMessage>> OverlapMethods => new()
    {
        { "OverlapService/GetOverlap", id => new GetOverlapRequest { Overlap = id } },
        { "OverlapService/AcknowledgeOverlap", id => new AcknowledgeOverlapRequest { RequestId = Calls.NewId(), RequestedBy = "o", Overlap = id } },
        { "OverlapService/ResolveOverlap", id => new ResolveOverlapRequest { RequestId = Calls.NewId(), RequestedBy = "o", Overlap = id, Outcome = OverlapOutcome.NoConflict } },
        { "OverlapService/DiscloseOverlap", id => new DiscloseOverlapRequest { RequestId = Calls.NewId(), RequestedBy = "o", Overlap = id } },
        { "OverlapService/RequestContact", id => new RequestContactRequest { RequestId = Calls.NewId(), RequestedBy = "o", Overlap = id } },
    };

    [Theory]
    [MemberData(nameof(ClaimMethods))]
    public async Task Claim_OfAnother_AnswersAsIfItWereNotThere(string method, Func<string, IMessage> make)
    {
        var foreign = await shared.Alpha.ClaimAsync();
        await AssertSameAsync(method, make, foreign.Claim.Claim_, shared.Beta);
        var still = await shared.Alpha.Channel.CallAsync<GetClaimRequest, GetClaimResponse>(new GetClaimRequest { Claim = foreign.Claim.Claim_ });
        Assert.Equal(foreign.Claim, still.Claim);
    }

    [Theory]
    [MemberData(nameof(OverlapMethods))]
    public async Task Overlap_OfOthers_AnswersAsIfItWereNotThere(string method, Func<string, IMessage> make)
    {
        var address = Calls.UnusedAddress();
        await shared.Alpha.ClaimAsync(address);
        var met = await shared.Beta.ClaimAsync(address);
        var outsider = await shared.Server.AddAsync($"out-{Guid.NewGuid():N}"[..20], AgencyRole.LawEnforcement);
        await AssertSameAsync(method, make, Assert.Single(met.Overlaps).Overlap, outsider);
    }

    [Theory]
    [MemberData(nameof(OverlapMethods))]
    public async Task Overlap_WithASilentClaim_AnswersAsIfItWereNotThere(string method, Func<string, IMessage> make)
    {
        var address = Calls.UnusedAddress();
        var open = await shared.Alpha.ClaimAsync(address);
        var silent = shared.Beta.Claim(address);
        silent.Claim.Disclosure = Disclosure.Silent;
        var met = await shared.Beta.Channel.CallAsync<CreateClaimRequest, CreateClaimResponse>(silent);
        Assert.Empty(open.Overlaps);
        await AssertSameAsync(method, make, Assert.Single(met.Overlaps).Overlap, shared.Alpha);
    }

    private async Task AssertSameAsync(string method, Func<string, IMessage> make, string foreign, TestAgency agency)
    {
        using var raw = new RawCalls(shared.Server, agency.Certificate);
        var missing = await raw.SendAsync("/deconfliction.v1." + method, make(Guid.CreateVersion7().ToString()));
        var other = await raw.SendAsync("/deconfliction.v1." + method, make(foreign));
        Assert.Equal(NotFound, missing.Status);
        Assert.Equal((missing.Status, missing.Message, missing.Details), (other.Status, other.Message, other.Details));
        Assert.Equal(missing.Body, other.Body);
    }
}
