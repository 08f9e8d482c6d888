using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Tests.Deciding;

/// <summary>Hazards and crowds.</summary>
public class HoldTests
{
    private const string Reason = "PUBLIC_RESOLVER";
    private readonly Bench _bench = new(new Policy { CrowdCap = 4, CrowdReopensBelow = 3 });

    [Fact]
    public void MakeClaim_OnAHazard_IsHeldAndToldWhy()
    {
        _bench.Make("agency-a");

        var decision = _bench.Make("agency-b", hazard: Reason);

        Assert.Equal(Reason, Assert.IsType<IdentifierEvent.HazardChanged>(decision.Events[0]).Reason);
        Assert.True(decision.Answer.Claim!.Held);
        Assert.Equal(Reason, decision.Answer.Hazard);
        Assert.Empty(decision.Found());
        Assert.Empty(decision.Alerts());
    }

    [Fact]
    public void MakeClaim_OnAHazardByAReferrer_IsToldNoReason()
    {
        var answer = _bench.Make("hotline", role: AgencyRole.Hotline, hazard: Reason).Answer;

        Assert.Null(answer.Hazard);
        Assert.Null(_bench.Make("hotline", role: AgencyRole.Hotline, hazard: Reason).Answer.Hazard);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void HazardLifted_ByCatalogueOrByAClaim_MakesEachMissingPairOnce(bool byClaim)
    {
        var free = _bench.Make("agency-a").Answer.Claim!;
        _bench.Make("agency-b");
        var held = _bench.Make("agency-c", hazard: Reason).Answer.Claim!;
        var held2 = _bench.Make("agency-d", Disclosure.Silent, hazard: Reason).Answer.Claim!;

        var decision = byClaim
            ? _bench.Make(Given.Draft("agency-a", @case: "case-2", window: Given.Hours(0, 1), port: 9))
            : _bench.Run(new Command.SetHazard(Hazard: null));

        Assert.Null(_bench.State.Hazard);
        Assert.Equal(byClaim ? 8 : 5, decision.Found().Count);
        Assert.Equal(byClaim ? 9 : 6, _bench.Overlaps.Count);
        Assert.NotNull(_bench.View(free.Id, held.Id));
        Assert.NotNull(_bench.View(held.Id, held2.Id));
        Assert.DoesNotContain(_bench.State.LiveClaims, claim => claim.Held);
        Assert.Equal(1, _bench.Claim(held.Id).Revision);
        Assert.DoesNotContain(decision.AlertsTo("agency-b"), alert => alert.OverlapId == _bench.View(held2.Id, free.Id)!.Overlap.Id);
    }

    [Fact]
    public void SetHazard_SameAsBefore_ChangesNothing()
    {
        _bench.Make("agency-a", hazard: Reason);

        Assert.Empty(_bench.Run(new Command.SetHazard(Reason)).Events);
    }

    [Fact]
    public void MakeClaim_SilentWhenTheHazardIsGone_LeavesTheLiftingToOthers()
    {
        _bench.Make("agency-a", hazard: Reason);
        _bench.Make("agency-b", hazard: Reason);

        var silent = _bench.Make("agency-c", Disclosure.Silent);

        Assert.IsType<IdentifierEvent.ClaimMade>(Assert.Single(silent.Events));
        Assert.True(silent.Answer.Claim!.Held);
        Assert.Equal(Reason, silent.Answer.Hazard);
        Assert.Equal(3, _bench.Run(new Command.SetHazard(Hazard: null)).Found().Count);
    }

    [Fact]
    public void MakeClaim_SilentWhenTheHazardIsNew_IsHeldAloneAndComesFree()
    {
        _bench.Make("agency-a");
        var silent = _bench.Make("agency-b", Disclosure.Silent, hazard: Reason);

        Assert.True(silent.Answer.Claim!.Held);
        Assert.Null(_bench.State.Hazard);

        var next = _bench.Make("agency-c");

        Assert.Equal(3, next.Found().Count);
        Assert.Equal(3, _bench.Overlaps.Count);
    }

    [Fact]
    public void MakeClaim_OverTheCap_FormsACrowdAndTellsEachClaimantOnce()
    {
        Fill(4);
        _bench.Make("silent", Disclosure.Silent);
        _bench.Make("hotline", Disclosure.Silent, AgencyRole.Hotline);
        Assert.False(_bench.State.IsCrowd);

        var decision = _bench.Make("agency-last");

        Assert.True(_bench.State.IsCrowd);
        Assert.True(decision.Answer.Claim!.Held);
        Assert.Equal("3-25", decision.Answer.CrowdBand);
        Assert.Empty(decision.Found());
        Assert.All(decision.Alerts(), alert => Assert.Equal((AlertKind.Crowd, "3-25"), (alert.Kind, alert.Note)));
        Assert.Equal(
            ["agency-0", "agency-1", "agency-2", "agency-3", "agency-last", "silent"],
            decision.Alerts().Select(alert => alert.To.Value).Order());
    }

    [Theory]
    [InlineData(Disclosure.Open)]
    [InlineData(Disclosure.Silent)]
    public void MakeClaim_JoiningACrowd_TellsTheNewcomerAloneAndOnce(Disclosure disclosure)
    {
        Fill(5);

        var joining = _bench.Make("agency-last", disclosure);
        var again = _bench.Make(Given.Draft("agency-last", disclosure, @case: "case-2"));

        Assert.Equal("agency-last", Assert.Single(joining.Alerts()).To.Value);
        Assert.Empty(again.Alerts());
        Assert.True(again.Answer.Claim!.Held);
        Assert.Equal("3-25", again.Answer.CrowdBand);
    }

    [Fact]
    public void MakeClaim_InACrowdByAReferrer_IsToldNothing()
    {
        Fill(5);

        var decision = _bench.Make("hotline", role: AgencyRole.Hotline);

        Assert.Null(decision.Answer.CrowdBand);
        Assert.Empty(decision.Alerts());
    }

    [Fact]
    public void Update_ToSilentAndBack_CountsOutAndIn()
    {
        Fill(4);
        var silent = _bench.Make("agency-last", Disclosure.Silent).Answer.Claim!;

        var decision = _bench.Update(silent, Disclosure.Masked);

        Assert.True(_bench.State.IsCrowd);
        Assert.Equal(5, decision.Alerts().Count(alert => alert.Kind == AlertKind.Crowd));
        Assert.False(decision.Answer.Claim!.Held);
        _bench.Update(silent, Disclosure.Silent);
        Assert.True(_bench.State.IsCrowd);
    }

    [Theory]
    [InlineData("release")]
    [InlineData("expiry")]
    [InlineData("update")]
    public void Crowd_BelowItsLowerLimit_DissolvesAndMakesWhatIsMissingOnce(string by)
    {
        var claims = Fill(5);
        Assert.Equal(6, _bench.Overlaps.Count);
        _bench.Renew(claims[3], TimeSpan.FromDays(300));
        _bench.Renew(claims[4], TimeSpan.FromDays(300));
        _bench.Release(claims[0]);
        _bench.Release(claims[1]);
        Assert.True(_bench.State.IsCrowd);

        _bench.Now = by == "expiry" ? claims[2].ExpiresAt : _bench.Now;
        var decision = by switch
        {
            "release" => _bench.Release(claims[2]),
            "expiry" => _bench.Sweep(),
            _ => _bench.Update(claims[2], Disclosure.Silent),
        };

        Assert.False(_bench.State.IsCrowd);
        Assert.Equal(by == "update" ? 2 : 1, decision.Found().Count);
        Assert.NotNull(_bench.View(claims[3].Id, claims[4].Id));
        Assert.False(_bench.Claim(claims[4].Id).Held);
        Assert.Equal(AlertKind.OverlapFound, Assert.Single(decision.AlertsTo("agency-3")).Kind);
    }

    [Fact]
    public void Crowd_DissolvingUnderAHazard_KeepsHolding()
    {
        var claims = Fill(5);
        _bench.Run(new Command.SetHazard(Reason));
        Array.ForEach(claims[..3], claim => _bench.Release(claim));
        Assert.False(_bench.State.IsCrowd);
        Assert.Null(_bench.View(claims[3].Id, claims[4].Id));

        _bench.Run(new Command.SetHazard(Hazard: null));

        Assert.NotNull(_bench.View(claims[3].Id, claims[4].Id));
    }

    [Fact]
    public void Hazard_LiftedInACrowd_KeepsHolding()
    {
        Fill(5);
        _bench.Run(new Command.SetHazard(Reason));

        var decision = _bench.Run(new Command.SetHazard(Hazard: null));

        Assert.Empty(decision.Found());
        Assert.True(_bench.State.IsCrowd);
    }

    [Theory]
    [InlineData(1, "20-25")]
    [InlineData(20, "20-25")]
    [InlineData(25, "20-25")]
    [InlineData(26, "26-50")]
    [InlineData(50, "26-50")]
    [InlineData(51, "51-100")]
    [InlineData(100, "51-100")]
    [InlineData(101, "101-250")]
    [InlineData(250, "101-250")]
    [InlineData(251, "251+")]
    public void Band_OfACount_IsItsRange(int agencies, string band) => Assert.Equal(band, Crowding.Band(agencies, new Policy()));

    [Fact]
    public void RequestCrowdContact_InACrowd_ReachesEveryOtherClaimantOnce()
    {
        var claims = Fill(5);
        _bench.Make(Given.Draft("agency-1", @case: "case-2"));
        _bench.Make("silent", Disclosure.Silent);
        _bench.Make("hotline", role: AgencyRole.Hotline);

        var decision = _bench.Run(new Command.RequestCrowdContact(claims[0].Agency, claims[0].Id));

        Assert.False(decision.ChangesState);
        Assert.Equal(
            ["agency-1", "agency-2", "agency-3", "agency-4", "silent"], decision.Alerts().Select(alert => alert.To.Value));
        Assert.All(decision.Alerts(), alert => Assert.Equal(
            (AlertKind.ContactRequested, (Guid?)claims[0].Id, (Guid?)null, (AgencyId?)claims[0].Agency, Visibility.Contact),
            (alert.Kind, alert.FromClaimId, alert.OverlapId, alert.From, alert.Visibility)));
        Assert.Equal(5, decision.Disclosures.Count);
    }

    [Fact]
    public void RequestCrowdContact_WhereThereIsNone_OrByAReferrer_IsNotACrowd()
    {
        var claim = _bench.Make("agency-0").Answer.Claim!;
        Assert.Equal(AnswerStatus.NotACrowd, _bench.Run(new Command.RequestCrowdContact(claim.Agency, claim.Id)).Answer.Status);

        Fill(5);
        var referral = _bench.Make("hotline", role: AgencyRole.Hotline).Answer.Claim!;

        var decision = _bench.Run(new Command.RequestCrowdContact(referral.Agency, referral.Id));

        Assert.Equal(AnswerStatus.NotACrowd, decision.Answer.Status);
        Assert.Empty(decision.Events);
    }

    private Claim[] Fill(int agencies) =>
        [.. Enumerable.Range(0, agencies).Select(i => _bench.Make($"agency-{i}").Answer.Claim!)];
}
