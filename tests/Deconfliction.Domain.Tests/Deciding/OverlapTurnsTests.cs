using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Tests.Deciding;

public class OverlapTurnsTests
{
    private readonly Bench _bench = new();

    public static TheoryData<string> Turns => ["acknowledge", "resolve", "request", "disclose"];

    [Theory]
    [MemberData(nameof(Turns))]
    public void AnyTurn_BySomebodyElse_FindsNothing(string turn)
    {
        Meet(Disclosure.Open, Disclosure.Open);

        AssertNotFound(Run(turn, "agency-z"));
    }

    [Theory]
    [MemberData(nameof(Turns))]
    public void AnyTurn_ByASideThatSeesNothing_FindsNothing(string turn)
    {
        Meet(Disclosure.Open, Disclosure.Silent);

        AssertNotFound(Run(turn, "agency-a"));
    }

    [Theory]
    [MemberData(nameof(Turns))]
    public void AnyTurn_ByAReferrer_FindsNothing(string turn)
    {
        Meet(Disclosure.Open, Disclosure.Open, AgencyRole.Hotline);

        AssertNotFound(Run(turn, "agency-b"));
    }

    [Theory]
    [MemberData(nameof(Turns))]
    public void AnyTurn_Repeated_IsDoneAndChangesNothing(string turn)
    {
        Meet(Disclosure.Masked, Disclosure.Masked);
        var first = Run(turn, "agency-a");

        var again = Run(turn, "agency-a");

        Assert.Single(first.AlertsTo("agency-b"));
        Assert.True(first.ChangesState);
        Assert.Equal(AnswerStatus.Done, again.Answer.Status);
        Assert.Empty(again.Events);
        Assert.Equal(first.Answer.Overlap!.Overlap, again.Answer.Overlap!.Overlap);
    }

    [Theory]
    [InlineData("acknowledge", AlertKind.OverlapAcknowledged)]
    [InlineData("resolve", AlertKind.OverlapResolved)]
    public void AcknowledgeOrResolve_BySilentOne_IsRecordedAndTellsNobody(string turn, AlertKind kind)
    {
        Meet(Disclosure.Open, Disclosure.Silent);

        var decision = Run(turn, "agency-b");

        Assert.IsType<IdentifierEvent.OverlapChanged>(Assert.Single(decision.Events));
        Assert.DoesNotContain(decision.Alerts(), alert => alert.Kind == kind);
    }

    [Fact]
    public void Acknowledge_ByOneSide_LeavesTheOtherUntouched()
    {
        Meet(Disclosure.Open, Disclosure.Open);
        _bench.Now = Bench.Start.AddHours(1);

        var overlap = Run("acknowledge", "agency-b").Answer.Overlap!.Overlap;

        Assert.Equal((null, (DateTimeOffset?)_bench.Now), (overlap.A.AcknowledgedAt, overlap.B.AcknowledgedAt));
    }

    [Fact]
    public void Resolve_WithAnotherOutcome_IsResolvedAlready()
    {
        Meet(Disclosure.Open, Disclosure.Open);
        Run("resolve", "agency-a");

        var decision = _bench.Run(new Command.ResolveOverlap(Given.Agency("agency-b"), TheView, Outcome.FalseMatch));

        Assert.Equal(AnswerStatus.AlreadyResolved, decision.Answer.Status);
        Assert.Equal(Outcome.Coordinated, decision.Answer.Overlap!.Overlap.Outcome);
        Assert.Empty(decision.Events);
    }

    [Fact]
    public void Resolve_WithNoOutcome_Throws()
    {
        Meet(Disclosure.Open, Disclosure.Open);

        Assert.Throws<ArgumentException>(() => _bench.Run(
            new Command.ResolveOverlap(Given.Agency("agency-a"), TheView, Outcome.None)));
    }

    [Theory]
    [InlineData(Disclosure.Open, Visibility.Open)]
    [InlineData(Disclosure.Masked, Visibility.Contact)]
    public void RequestContact_OfAMaskedOne_ShowsTheAskersContact(Disclosure asker, Visibility shown)
    {
        Meet(asker, Disclosure.Masked);

        var decision = Run("request", "agency-a");

        var alert = Assert.Single(decision.Alerts());
        Assert.Equal(
            ("agency-b", AlertKind.ContactRequested, shown, "agency-a", (Guid?)TheView.A.Id),
            (alert.To.Value, alert.Kind, alert.Visibility, alert.From!.Value.Value, alert.FromClaimId));
        Assert.Equal(new Disclosed(alert.To, alert.From.Value, TheView.A.Id, TheView.Overlap.Id, shown), Assert.Single(decision.Disclosures));
        Assert.True(TheView.Overlap.A.ContactGiven);
        Assert.False(TheView.Overlap.B.ContactGiven);
    }

    [Fact]
    public void RequestContact_BySilentOne_MakesItSeen()
    {
        Meet(Disclosure.Open, Disclosure.Silent);

        Assert.Equal(Visibility.Contact, Assert.Single(Run("request", "agency-b").AlertsTo("agency-a")).Visibility);
        Assert.Equal(AnswerStatus.Done, Run("acknowledge", "agency-a").Answer.Status);
    }

    [Theory]
    [InlineData(Disclosure.Open, AnswerStatus.CannotBeAsked, false)]
    [InlineData(Disclosure.Masked, AnswerStatus.Done, true)]
    public void RequestContact_OfAReferrer_NeverReachesIt(Disclosure referrer, AnswerStatus status, bool given)
    {
        Meet(Disclosure.Open, referrer, AgencyRole.Industry);

        var decision = Run("request", "agency-a");

        Assert.Equal(status, decision.Answer.Status);
        Assert.Empty(decision.Alerts());
        Assert.Empty(decision.Disclosures);
        Assert.Equal(given, TheView.Overlap.A.ContactGiven);
    }

    [Theory]
    [InlineData(Disclosure.Open, false)]
    [InlineData(Disclosure.Masked, true)]
    [InlineData(Disclosure.Silent, true)]
    public void Disclose_ByDisclosure_TellsTheOtherUnlessItSawAll(Disclosure own, bool isNews)
    {
        Meet(own, Disclosure.Open);

        var decision = Run("disclose", "agency-a");

        Assert.Equal(isNews ? [(AlertKind.Disclosed, Visibility.Open)] : [], decision.Alerts().Select(alert => (alert.Kind, alert.Visibility)));
        Assert.True(TheView.Overlap.A.Raised);
    }

    [Fact]
    public void Disclose_ThenSilent_StaysDisclosedOnThisOverlap()
    {
        Meet(Disclosure.Masked, Disclosure.Open);
        Run("disclose", "agency-a");

        var decision = _bench.Update(TheView.A, Disclosure.Silent);

        Assert.Empty(decision.Alerts());
        Assert.Equal(Visibility.Open, VisibilityRule.Of(TheView.A, TheView.Overlap.A, TheView.B));
    }

    [Fact]
    public void AnyTurn_AfterTheClaimsEnded_StillWorks()
    {
        Meet(Disclosure.Open, Disclosure.Open);
        _bench.Release(TheView.A);
        _bench.Release(TheView.B);

        Assert.Single(Run("resolve", "agency-a").AlertsTo("agency-b"));
    }

    private OverlapView TheView => _bench.View(Assert.Single(_bench.Overlaps));

    private void Meet(Disclosure a, Disclosure b, AgencyRole roleOfB = AgencyRole.LawEnforcement)
    {
        _bench.Make("agency-a", a);
        _bench.Make("agency-b", b, roleOfB);
    }

    private Decision Run(string turn, string agency)
    {
        var by = Given.Agency(agency);
        return _bench.Run(turn switch
        {
            "acknowledge" => new Command.AcknowledgeOverlap(by, TheView),
            "resolve" => new Command.ResolveOverlap(by, TheView, Outcome.Coordinated),
            "request" => new Command.RequestContact(by, TheView),
            _ => new Command.Disclose(by, TheView),
        });
    }

    private static void AssertNotFound(Decision decision)
    {
        Assert.Equal(AnswerStatus.NotFound, decision.Answer.Status);
        Assert.Null(decision.Answer.Overlap);
        Assert.Null(decision.Answer.Claim);
        Assert.Empty(decision.Events);
    }
}
