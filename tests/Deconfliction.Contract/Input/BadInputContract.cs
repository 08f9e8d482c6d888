using Deconfliction.Client;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Deconfliction.Contract.Input;

/// <summary>Bad input is refused with field, reason and remedy, and leaves nothing behind. Every case is in the gateway's own tests.</summary>
public abstract class BadInputContract(SharedGrid shared)
{
    public static TheoryData<string, string, Action<CreateClaimRequest>> Claims => new()
    {
        { "request_id", "INVALID_UUID", request => request.RequestId = "42" },
        { "requested_by", "TOO_LONG", request => request.RequestedBy = new string('é', 65) },
        { "claim", "MISSING_CLAIM", request => request.Claim = null },
        { "claim.identifier.kind", "UNKNOWN_KIND", request => request.Claim.Identifier.Kind = "shoe-size" },
        { "claim.identifier.value", "EMPTY", request => request.Claim.Identifier.Value = "" },
        { "claim.case_reference", "MISSING_CASE_REFERENCE", request => request.Claim.CaseReference = "" },
        { "claim.contact", "CONTROL_CHARACTER", request => request.Claim.Contact = "a\nb" },
        { "claim.lifetime", "LIFETIME_TOO_LONG", request => request.Claim.Lifetime = Duration.FromTimeSpan(TimeSpan.FromDays(366)) },
        { "claim.port", "PORT_NEEDS_IP", request => request.Claim.Port = 80 },
        { "claim.disclosure", "UNKNOWN_VALUE", request => request.Claim.Disclosure = (Disclosure)99 },
    };

    [Theory]
    [MemberData(nameof(Claims))]
    public async Task CreateClaim_EveryNode_NamesFieldReasonAndRemedy(string field, string reason, Action<CreateClaimRequest> spoil)
    {
        var before = await shared.Grid.CountAsync("claim");
        foreach (var node in shared.Grid.Nodes)
        {
            var request = Requests.Claim(SharedGrid.UnusedMail(), "A-1");
            spoil(request);
            var refused = await Assert.ThrowsAsync<GridException>(() => shared.Alpha.At(node).Claims.CreateAsync(request, CancellationToken.None));
            Assert.Equal(("INVALID_ARGUMENT", reason, field), (refused.Error.Status, refused.Error.Reason, refused.Error.Field));
            Assert.NotEqual("", refused.Error.Remedy);
        }

        Assert.Equal(before, await shared.Grid.CountAsync("claim"));
    }

    [Fact]
    public async Task Check_WithoutCaseAndPurpose_IsRefused()
    {
        var request = Requests.Check(SharedGrid.UnusedMail(), "");
        request.Purpose = "";
        var refused = await Assert.ThrowsAsync<GridException>(() => shared.Alpha.Client.Checks.CheckAsync(request, CancellationToken.None));
        Assert.Equal("INVALID_ARGUMENT", refused.Error.Status);
    }
}
