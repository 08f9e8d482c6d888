using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Contract.Holds;

/// <summary>Hazards: claims are kept, overlaps are held back, and those entitled to hits are told why.</summary>
public abstract class HazardContract(SharedGrid shared)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Hazard_ClaimedAndCheckedByTwo_IsKeptAndToldWhyAndPointsAtNobody()
    {
        var address = SharedGrid.UnusedAddress(block: 10);
        var first = await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(address, "A-1", kind: "ip"), None);
        var second = await shared.Bravo.Client.Claims.CreateAsync(Requests.Claim(address, "B-1", kind: "ip"), None);
        var check = await shared.Bravo.Elsewhere.Checks.CheckAsync(Requests.Check(address, kind: "ip"), None);

        Assert.All([first, second], answer => Assert.Equal(
            ("SPECIAL_PURPOSE_ADDRESS", 0, DisclosureNotice.NothingToDisclose), (answer.Hazard.Reason, answer.Overlaps.Count, answer.DisclosureNotice)));
        Assert.Equal(("SPECIAL_PURPOSE_ADDRESS", 0), (check.Hazard.Reason, check.Hits.Count));
        Assert.Contains("10.0.0.0/8", first.Hazard.Explanation, StringComparison.Ordinal);

        // Kept, and its owner is reminded of why at every look.
        var kept = await shared.Alpha.Elsewhere.Claims.GetAsync(first.Claim.Claim_, None);
        Assert.Equal((ClaimState.Live, "SPECIAL_PURPOSE_ADDRESS"), (kept.State, kept.Hazard?.Reason));
        Assert.Empty(await shared.Alpha.Client.Overlaps.ListAsync(new ListOverlapsRequest { Claim = kept.Claim_ }, None).ToListAsync());

        Assert.DoesNotContain(await Awaited.SettledFeedAsync(shared.Alpha, shared.Bravo), alert => alert.Identifier == address);
    }

    [Fact]
    public async Task Hazard_ClaimedByAReferrer_IsToldNothing()
    {
        var hotline = await shared.Grid.AddMemberAsync(SharedGrid.Unused("hotline"), AgencyRole.Hotline);
        var made = await hotline.Client.Claims.CreateAsync(Requests.Claim(SharedGrid.UnusedAddress(block: 10), "H-1", kind: "ip"), None);

        Assert.Null(made.Hazard);
        Assert.Null(made.Claim.Hazard);
    }
}
