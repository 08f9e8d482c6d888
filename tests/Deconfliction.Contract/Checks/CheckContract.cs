using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Contract.Checks;

/// <summary>Looking up without claiming: hits as disclosure allows, recorded, and never silent.</summary>
public abstract class CheckContract(SharedGrid shared)
{
    [Fact]
    public async Task Check_OfAClaimMadeElsewhere_HitsAtOnceAndTellsTheOwner()
    {
        var value = SharedGrid.UnusedMail();
        await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None);
        foreach (var node in shared.Grid.Nodes)
        {
            var answer = await shared.Bravo.At(node).Checks.CheckAsync(Requests.Check(value, "B-7"), CancellationToken.None);
            var hit = Assert.Single(answer.Hits);
            Assert.Equal((Visibility.Open, "alpha", "A-1"), (hit.Visibility, hit.Agency, hit.CaseReference));
            Assert.Equal(DisclosureNotice.OverlapsDisclosed, answer.DisclosureNotice);
        }

        await Testing.Processes.Waiting.UntilAsync("alpha is told of each check", Awaited.AlertLimit, async () =>
            (await shared.Alpha.ReadFeedAsync()).Count(alert => alert.AlertKind == AlertKind.ClaimChecked && alert.Identifier == value) == shared.Grid.Nodes.Count);
    }

    [Fact]
    public async Task Check_OfWhatNobodyClaimed_DisclosesNothing()
    {
        var answer = await shared.Bravo.Client.Checks.CheckAsync(Requests.Check(SharedGrid.UnusedMail()), CancellationToken.None);
        Assert.Equal((0, DisclosureNotice.NothingToDisclose), (answer.Hits.Count, answer.DisclosureNotice));
    }

    [Fact]
    public async Task Check_OfOnesOwnClaim_ShowsItAsOwnAndTellsNobody()
    {
        var value = SharedGrid.UnusedMail();
        var made = await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None);
        var answer = await shared.Alpha.Elsewhere.Checks.CheckAsync(Requests.Check(value), CancellationToken.None);

        Assert.Empty(answer.Hits);
        Assert.Equal(made.Claim.Claim_, Assert.Single(answer.OwnClaims).Claim);
    }

    [Fact]
    public async Task Check_BetweenClaimAndRelease_SeesEachStepFromEveryNode()
    {
        var value = SharedGrid.UnusedMail();
        foreach (var node in shared.Grid.Nodes)
        {
            Assert.Empty((await shared.Bravo.At(node).Checks.CheckAsync(Requests.Check(value), CancellationToken.None)).Hits);
            var made = await shared.Alpha.At(node).Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None);
            Assert.Single((await shared.Bravo.Elsewhere.Checks.CheckAsync(Requests.Check(value), CancellationToken.None)).Hits);
            await shared.Alpha.Elsewhere.Claims.ReleaseAsync(new ReleaseClaimRequest { Claim = made.Claim.Claim_ }, CancellationToken.None);
        }
    }

    [Fact]
    public async Task StreamChecks_GoodAndBadItems_AnswersEachByItsPosition()
    {
        var value = SharedGrid.UnusedMail();
        await shared.Alpha.Client.Claims.CreateAsync(Requests.Claim(value, "A-1"), CancellationToken.None);
        var noPurpose = Requests.Check(value);
        noPurpose.Purpose = "";

        var results = await shared.Bravo.ChannelAt(shared.Bravo.Others[0]).ChecksAsync(
            Requests.Check(value), Requests.Check("300.1.2.3", kind: "ip"), noPurpose, Requests.Check(SharedGrid.UnusedMail()));

        Assert.Equal([0L, 1, 2, 3], results.Select(result => result.Position));
        Assert.Equal("alpha", Assert.Single(results[0].Answer.Hits).Agency);
        Assert.Equal("NOT_AN_IPV4_ADDRESS", results[1].Error.Reason);
        Assert.Equal("MISSING_PURPOSE", results[2].Error.Reason);
        Assert.Equal(DisclosureNotice.NothingToDisclose, results[3].Answer.DisclosureNotice);
    }
}
