using Deconfliction.Client;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.Holds;

/// <summary>
/// Crowds: an identifier that more than 25 agencies claim. Pairs made before stand, later ones are held back until fewer than 20 are left, and
/// meanwhile each claimant knows that it is one of many and can ask the others to call.
/// </summary>
public abstract class CrowdContract(SharedGrid shared)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Crowd_OfOneMoreThanTheCap_TellsEachClaimantOnce_AndThePairsBeforeStand()
    {
        var (many, value) = (await shared.Many, SharedGrid.UnusedMail());
        var before = await ClaimAtOnceAsync(many.Take(25), value);
        Assert.All(before, answer => Assert.Null(answer.Crowd));
        Assert.Equal(25 * 24 / 2, before.Sum(answer => answer.Overlaps.Count));

        var last = await many[25].Client.Claims.CreateAsync(Requests.Claim(value, "case"), None);

        Assert.Equal((new Crowd { AtLeast = 26, AtMost = 50 }, 0, DisclosureNotice.NothingToDisclose), (last.Crowd, last.Overlaps.Count, last.DisclosureNotice));
        foreach (var member in many)
        {
            Assert.Equal(last.Crowd, (await Awaited.AlertAsync(member, AlertKind.Crowd, value)).Crowd);
        }

        Assert.Equal(24, (await OverlapsAsync(many[0], before[0].Claim)).Count);
        Assert.Empty(await OverlapsAsync(many[25], last.Claim));
    }

    [Fact]
    public async Task Crowd_CheckedAndJoined_ShowsItsBandAndNobody()
    {
        var value = await FormAsync();
        var check = await shared.Alpha.Client.Checks.CheckAsync(Requests.Check(value), None);
        Assert.Equal((26u, 50u, 0), (check.Crowd.AtLeast, check.Crowd.AtMost, check.Hits.Count));

        // One that joins is told once, with as many claims as it likes; a referrer that joins is told nothing.
        var joined = await shared.Bravo.Client.Claims.CreateAsync(Requests.Claim(value, "B-1"), None);
        var again = await shared.Bravo.Elsewhere.Claims.CreateAsync(Requests.Claim(value, "B-2"), None);
        Assert.All([joined, again], answer => Assert.Equal((26u, 0), (answer.Crowd.AtLeast, answer.Overlaps.Count)));
        Assert.Equal(joined.Claim.Claim_, (await Awaited.AlertAsync(shared.Bravo, AlertKind.Crowd, value)).Claim);
        var hotline = await shared.Grid.AddMemberAsync(SharedGrid.Unused("hotline"), AgencyRole.Hotline);
        Assert.Null((await hotline.Client.Claims.CreateAsync(Requests.Claim(value, "H-1"), None)).Crowd);

        // Neither the check nor those that joined are told to those that were there.
        var feed = await Awaited.SettledFeedAsync((await shared.Many)[0], shared.Bravo);
        Assert.Equal(
            [.. Enumerable.Repeat(AlertKind.OverlapFound, 24), AlertKind.Crowd],
            feed.Where(alert => alert.Identifier == value).Select(alert => alert.AlertKind));
    }

    [Fact]
    public async Task RequestContact_OfACrowd_ReachesEveryOtherClaimantOnce()
    {
        var (many, value) = (await shared.Many, await FormAsync());
        var own = Assert.Single((await many[25].Client.Checks.CheckAsync(Requests.Check(value), None)).OwnClaims).Claim;

        await many[25].Elsewhere.Overlaps.RequestContactAsync(new RequestContactRequest { Claim = own }, None);

        foreach (var member in many.Take(25))
        {
            var asked = (await Awaited.AlertAsync(member, AlertKind.ContactRequested, value)).Counterpart;
            Assert.Equal((many[25].Agency, $"desk@{many[25].Agency}.example"), (asked.Agency, asked.Contact));
        }

        Assert.DoesNotContain(await many[25].ReadFeedAsync(), alert => alert.Identifier == value && alert.AlertKind == AlertKind.ContactRequested);
        var alone = (await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(SharedGrid.UnusedMail(), "A-1"), None)).Claim;
        var refused = await Assert.ThrowsAsync<GridException>(
            () => shared.Alpha.Client.Overlaps.RequestContactAsync(new RequestContactRequest { Claim = alone.Claim_ }, None));
        Assert.Equal(("FAILED_PRECONDITION", "NOT_A_CROWD"), (refused.Error.Status, refused.Error.Reason));
    }

    [Fact]
    public async Task Crowd_WithFewerThanTwentyLeft_IsNone_AndThePairsHeldBackAreMadeOnce()
    {
        var (many, value) = (await shared.Many, SharedGrid.UnusedMail());
        var answers = await ClaimAtOnceAsync(many.Take(25), value);
        var late = (await many[25].Client.Claims.CreateAsync(Requests.Claim(value, "case"), None)).Claim;

        // Twenty are left: it is a crowd still.
        await ReleaseAsync(many, answers, 0, 6);
        Assert.Equal((20u, 25u), await BandAsync(value));
        Assert.Empty(await OverlapsAsync(many[25], late));

        await ReleaseAsync(many, answers, 6, 1);
        Assert.Equal((0u, 0u), await BandAsync(value));
        var met = await OverlapsAsync(many[25], late);
        Assert.Equal(many.Skip(7).Take(18).Select(member => member.Agency).Order(StringComparer.Ordinal), met.Select(overlap => overlap.OtherAgency).Order(StringComparer.Ordinal));
        await Waiting.UntilAsync("each of these pairs is told to the one that came late", Awaited.AlertLimit, async () => await FoundAsync(many[25], value) >= 18);
        Assert.Equal(18, await FoundAsync(many[25], value));
        await Waiting.UntilAsync("and to the others", Awaited.AlertLimit, async () => await FoundAsync(many[24], value) >= 25);
        Assert.Equal(25, await FoundAsync(many[24], value));
    }

    private async Task<string> FormAsync()
    {
        var (many, value) = (await shared.Many, SharedGrid.UnusedMail());
        await ClaimAtOnceAsync(many.Take(25), value);
        await many[25].Client.Claims.CreateAsync(Requests.Claim(value, "case"), None);
        return value;
    }

    private static Task<CreateClaimResponse[]> ClaimAtOnceAsync(IEnumerable<Member> members, string value) =>
        Task.WhenAll(members.Select(member => member.Client.Claims.CreateAsync(Requests.Claim(value, "case"), None)));

    private static async Task ReleaseAsync(IReadOnlyList<Member> many, CreateClaimResponse[] made, int from, int count)
    {
        for (var index = from; index < from + count; index++)
        {
            await many[index].Elsewhere.Claims.ReleaseAsync(new ReleaseClaimRequest { Claim = made[index].Claim.Claim_ }, None);
        }
    }

    private async Task<(uint AtLeast, uint AtMost)> BandAsync(string value)
    {
        var crowd = (await shared.Alpha.Client.Checks.CheckAsync(Requests.Check(value), None)).Crowd;
        return (crowd?.AtLeast ?? 0, crowd?.AtMost ?? 0);
    }

    private static async Task<List<OverlapPointer>> OverlapsAsync(Member member, Claim claim) =>
        await member.Elsewhere.Overlaps.ListAsync(new ListOverlapsRequest { Claim = claim.Claim_ }, None).ToListAsync();

    private static async Task<int> FoundAsync(Member member, string value) =>
        (await member.ReadFeedAsync()).Count(alert => alert.AlertKind == AlertKind.OverlapFound && alert.Identifier == value);
}
