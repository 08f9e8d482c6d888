using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Tests.Deciding;

public class CheckingTests
{
    private readonly Bench _bench = new(new Policy { CrowdCap = 2, CrowdReopensBelow = 2, PointersPerAnswer = 2 });

    [Theory]
    [InlineData(Disclosure.Open, Visibility.Open)]
    [InlineData(Disclosure.Masked, Visibility.Masked)]
    [InlineData(Disclosure.Silent, Visibility.None)]
    public void Check_Hit_ShowsWhatIsDisclosedAndAlertsTheOwner(Disclosure disclosure, Visibility expected)
    {
        var claim = _bench.Make("agency-a", disclosure).Answer.Claim!;

        var decision = _bench.Check("agency-b");

        Assert.False(decision.ChangesState);
        Assert.Equal(expected == Visibility.None ? 0 : 1, decision.Answer.PointerCount);
        Assert.Equal(decision.Answer.PointerCount, decision.Answer.Pointers.Count);
        Assert.All(decision.Answer.Pointers, pointer => Assert.Equal((expected, claim), (pointer.Visibility, pointer.Other)));
        var alert = Assert.Single(decision.Alerts());
        Assert.Equal(
            ("agency-a", AlertKind.ClaimChecked, (Guid?)claim.Id, "agency-b", "check-case", "because"),
            (alert.To.Value, alert.Kind, alert.ClaimId, alert.From!.Value.Value, alert.FromCase, alert.Note));
        Assert.Equal(1 + decision.Answer.PointerCount, decision.Disclosures.Count);
    }

    [Fact]
    public void Check_OfASilentOne_AnswersLikeACheckOfNothing()
    {
        var empty = _bench.Check("agency-b").Answer;
        _bench.Make("agency-a", Disclosure.Silent);

        Assert.Equal(Bench.Describe(new Decision(empty, [], [])), Bench.Describe(new Decision(_bench.Check("agency-b").Answer, [], [])));
    }

    [Fact]
    public void Check_OfAReferral_ShowsItAndTellsTheReferrerNothing()
    {
        _bench.Make("hotline", role: AgencyRole.Hotline);

        var decision = _bench.Check("agency-b");

        Assert.Equal(1, decision.Answer.PointerCount);
        Assert.Empty(decision.Alerts());
    }

    [Fact]
    public void Check_OfSeveralClaimsOfAnOwner_AlertsItOnceByTheOldest()
    {
        var oldest = _bench.Make("agency-a").Answer.Claim!;
        _bench.Now = Bench.Start.AddMinutes(1);
        _bench.Make(Given.Draft("agency-a", @case: "case-2"));
        _bench.Make(Given.Draft("agency-a", @case: "case-3"));

        var decision = _bench.Check("agency-b");

        Assert.Equal((3, 2), (decision.Answer.PointerCount, decision.Answer.Pointers.Count));
        Assert.Equal(oldest.Id, Assert.Single(decision.Alerts()).ClaimId);
    }

    [Fact]
    public void Check_ByTheOwner_ListsItsOwnAndAlertsNobody()
    {
        var claim = _bench.Make("agency-a").Answer.Claim!;

        var decision = _bench.Check("agency-a");

        Assert.Equal(claim, Assert.Single(decision.Answer.OwnClaims));
        Assert.Empty(decision.Events);
        Assert.Equal(0, decision.Answer.PointerCount);
    }

    [Fact]
    public void Check_OfWhatExpired_ShowsNothingAndEndsNothing()
    {
        _bench.Now = _bench.Make("agency-a").Answer.Claim!.ExpiresAt;

        var decision = _bench.Check("agency-b");

        Assert.Equal(0, decision.Answer.PointerCount);
        Assert.Empty(decision.Events);
    }

    [Fact]
    public void Check_OfAHazard_TellsTheReasonAndHoldsHitsBack()
    {
        _bench.Make("agency-a");

        var decision = _bench.Check("agency-b", hazard: "PUBLIC_RESOLVER");

        Assert.Equal("PUBLIC_RESOLVER", decision.Answer.Hazard);
        Assert.Equal(0, decision.Answer.PointerCount);
        Assert.Empty(decision.Events);
        Assert.Empty(decision.Disclosures);
        Assert.Null(_bench.State.Hazard);
    }

    [Fact]
    public void Check_OfWhatIsAHazardNoMore_ShowsTheHits()
    {
        _bench.Make("agency-a", hazard: "PUBLIC_RESOLVER");

        var decision = _bench.Check("agency-b");

        Assert.Null(decision.Answer.Hazard);
        Assert.Equal(1, decision.Answer.PointerCount);
        Assert.Equal("PUBLIC_RESOLVER", _bench.State.Hazard);
    }

    [Fact]
    public void Check_OfACrowd_TellsTheBandAndHoldsHitsBack()
    {
        for (var i = 0; i < 3; i++)
        {
            _bench.Make($"agency-{i}");
        }

        var decision = _bench.Check("agency-z");

        Assert.Equal("2-25", decision.Answer.CrowdBand);
        Assert.Equal(0, decision.Answer.PointerCount);
        Assert.Empty(decision.Events);
    }

    [Fact]
    public void Check_OfACrowdThatExpiryHasDissolved_AnswersAsIfItWereSwept()
    {
        _bench.Make("agency-0");
        _bench.Make(Given.Draft("agency-1"), lifetime: TimeSpan.FromDays(1));
        _bench.Make(Given.Draft("agency-2"), lifetime: TimeSpan.FromDays(1));
        _bench.Now = Bench.Start.AddDays(2);

        var before = _bench.Check("agency-z").Answer;
        Assert.True(_bench.State.IsCrowd);
        _bench.Sweep();
        var after = _bench.Check("agency-z").Answer;

        Assert.Null(before.CrowdBand);
        Assert.Equal(1, before.PointerCount);
        Assert.Equal(Bench.Describe(new Decision(after, [], [])), Bench.Describe(new Decision(before, [], [])));
    }

    [Theory]
    [InlineData(5, 6, null, 0)]
    [InlineData(0, 6, null, 1)]
    [InlineData(0, 6, 81, 0)]
    [InlineData(0, 6, 80, 1)]
    public void Check_ByWindowAndPort_HitsWhatAClaimWouldMeet(int from, int until, int? port, int hits)
    {
        _bench.Make(Given.Draft("agency-a", window: Given.Hours(0, 1), port: 80));

        Assert.Equal(hits, _bench.Check("agency-b", Given.Hours(from, until), port).Answer.PointerCount);
    }

    [Fact]
    public void Check_ByAReferrer_Throws() => Assert.Throws<ArgumentException>(() => _bench.Run(
        new Command.Check(Given.Agency("hotline"), AgencyRole.Hotline, "case", "why", Window: null, Port: null, Hazard: null)));
}
