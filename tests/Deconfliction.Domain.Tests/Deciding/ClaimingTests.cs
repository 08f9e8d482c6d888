using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Tests.Deciding;

public class ClaimingTests
{
    private readonly Bench _bench = new();

    [Fact]
    public void MakeClaim_FirstEver_IsMadeAndMeetsNobody()
    {
        var draft = Given.Draft("agency-a");

        var decision = _bench.Make(draft);

        var claim = Assert.IsType<IdentifierEvent.ClaimMade>(Assert.Single(decision.Events)).Claim;
        Assert.Equal(claim, decision.Answer.Claim);
        Assert.Equal(
            draft with { CreatedAt = Bench.Start, ExpiresAt = Bench.Start.AddDays(180), Revision = 1, Held = false }, claim);
        Assert.Equal(AnswerStatus.Done, decision.Answer.Status);
        Assert.Empty(decision.Answer.Pointers);
        Assert.Empty(decision.Answer.OwnClaims);
        Assert.True(decision.ChangesState);
        Assert.Equal(1, _bench.State.Version);
    }

    [Theory]
    [InlineData(10, 10)]
    [InlineData(365, 365)]
    [InlineData(4_000, 365)]
    public void MakeClaim_WithLifetime_EndsNoLaterThanTheMaximum(int days, int expected) =>
        Assert.Equal(
            Bench.Start.AddDays(expected),
            _bench.Make(Given.Draft("agency-a"), lifetime: TimeSpan.FromDays(days)).Answer.Claim!.ExpiresAt);

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void MakeClaim_WithNoLifeAtAll_Throws(int days) =>
        Assert.Throws<ArgumentException>(() => _bench.Make(Given.Draft("agency-a"), lifetime: TimeSpan.FromDays(days)));

    [Theory]
    [InlineData(AgencyRole.Operator)]
    [InlineData(AgencyRole.Auditor)]
    [InlineData(AgencyRole.Unspecified)]
    public void MakeClaim_ByARoleThatMakesNone_Throws(AgencyRole role) =>
        Assert.Throws<ArgumentException>(() => _bench.Make("agency-a", role: role));

    [Theory]
    [InlineData(Disclosure.Open, Disclosure.Open, Visibility.Open, Visibility.Open)]
    [InlineData(Disclosure.Open, Disclosure.Masked, Visibility.Masked, Visibility.Open)]
    [InlineData(Disclosure.Open, Disclosure.Silent, Visibility.None, Visibility.Open)]
    [InlineData(Disclosure.Masked, Disclosure.Open, Visibility.Open, Visibility.Masked)]
    [InlineData(Disclosure.Masked, Disclosure.Silent, Visibility.None, Visibility.Masked)]
    [InlineData(Disclosure.Silent, Disclosure.Open, Visibility.Open, Visibility.None)]
    [InlineData(Disclosure.Silent, Disclosure.Silent, Visibility.Masked, Visibility.Masked)]
    public void MakeClaim_MeetingAnother_TellsEachSideOnceWhatItMaySee(
        Disclosure first, Disclosure second, Visibility seenByFirst, Visibility seenBySecond)
    {
        var there = _bench.Make("agency-a", first).Answer.Claim!;

        var decision = _bench.Make("agency-b", second);

        var overlap = Assert.Single(decision.Found());
        Assert.Equal((there.Id, decision.Answer.Claim!.Id), (overlap.A.ClaimId, overlap.B.ClaimId));
        Assert.False(overlap.WindowAssumed);
        AssertTold(decision.AlertsTo("agency-a"), seenByFirst, there.Id, overlap.Id);
        AssertTold(decision.AlertsTo("agency-b"), seenBySecond, decision.Answer.Claim.Id, overlap.Id);
        Assert.Equal(seenBySecond == Visibility.None ? 0 : 1, decision.Answer.PointerCount);
        Assert.All(decision.Answer.Pointers, pointer => Assert.Equal((overlap.Id, seenBySecond), (pointer.OverlapId, pointer.Visibility)));
        Assert.Equal(decision.Alerts().Count, decision.Disclosures.Count);
    }

    [Theory]
    [InlineData(AgencyRole.Hotline)]
    [InlineData(AgencyRole.Industry)]
    public void MakeClaim_Referral_AlertsOthersAndTellsItsMakerNothing(AgencyRole role)
    {
        _bench.Make("agency-a");

        var decision = _bench.Make("referrer", role: role);

        Assert.Single(decision.Found());
        Assert.Single(decision.AlertsTo("agency-a"));
        Assert.Empty(decision.AlertsTo("referrer"));
        Assert.Equal((0, 0), (decision.Answer.PointerCount, decision.Answer.Pointers.Count));
        Assert.Equal(AgencyId.Parse("agency-a"), Assert.Single(decision.Disclosures).To);
    }

    [Fact]
    public void MakeClaim_TwoReferrals_MakeAPairThatNobodyIsToldOf()
    {
        _bench.Make("hotline", role: AgencyRole.Hotline);

        var decision = _bench.Make("industry", role: AgencyRole.Industry);

        Assert.Single(decision.Found());
        Assert.Empty(decision.Alerts());
        Assert.Empty(decision.Disclosures);
    }

    [Fact]
    public void MakeClaim_SameLineTwice_ReturnsTheFirstAndCreatesNothing()
    {
        var other = _bench.Make(Given.Draft("agency-a", @case: "case-2")).Answer.Claim!;
        var first = _bench.Make("agency-a").Answer.Claim!;
        _bench.Make("agency-b");

        var decision = _bench.Make("agency-a");

        Assert.Empty(decision.Events);
        Assert.Equal(AnswerStatus.Duplicate, decision.Answer.Status);
        Assert.Equal(first, decision.Answer.Claim);
        Assert.True(decision.Answer.PointersFromLedger);
        Assert.Equal(other.Id, Assert.Single(decision.Answer.OwnClaims).Id);
    }

    [Fact]
    public void MakeClaim_SameReferralTwice_AsksForNoPointers()
    {
        _bench.Make("hotline", role: AgencyRole.Hotline);

        var decision = _bench.Make("hotline", role: AgencyRole.Hotline);

        Assert.Equal(AnswerStatus.Duplicate, decision.Answer.Status);
        Assert.False(decision.Answer.PointersFromLedger);
    }

    [Theory]
    [InlineData("case-2", null, null)]
    [InlineData("case-1", 1, null)]
    [InlineData("case-1", null, 80)]
    public void MakeClaim_OfOnesOwnInAnotherCaseWindowOrPort_IsANewOneAndNoOverlap(string @case, int? hours, int? port)
    {
        var first = _bench.Make("agency-a").Answer.Claim!;
        Window? window = hours is { } until ? Given.Hours(0, until) : null;

        var decision = _bench.Make(Given.Draft("agency-a", @case: @case, window: window, port: port));

        Assert.Equal(AnswerStatus.Done, decision.Answer.Status);
        Assert.Single(decision.Events);
        Assert.Equal(first, Assert.Single(decision.Answer.OwnClaims));
    }

    [Fact]
    public void MakeClaim_WithManyOfOnesOwn_ListsTheOldestHundred()
    {
        for (var i = 0; i < 120; i++)
        {
            _bench.Now = Bench.Start.AddMinutes(i);
            _bench.Make(Given.Draft("agency-a", @case: $"case-{i}"));
        }

        var own = _bench.Make(Given.Draft("agency-a", @case: "last")).Answer.OwnClaims;

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"case-{i}"), own.Select(claim => claim.Case));
    }

    [Theory]
    [InlineData(Disclosure.Open)]
    [InlineData(Disclosure.Silent)]
    public void MakeClaim_AfterTheSameExpired_EndsItAndIsNew(Disclosure disclosure)
    {
        var first = _bench.Make("agency-a", disclosure).Answer.Claim!;
        _bench.Now = first.ExpiresAt;

        var decision = _bench.Make("agency-a", disclosure);

        var ended = Assert.IsType<IdentifierEvent.ClaimEnded>(decision.Events[0]).Claim;
        Assert.Equal((first.Id, EndReason.Expired, first.ExpiresAt), (ended.Id, ended.EndReason, ended.EndedAt));
        Assert.Equal(AnswerStatus.Done, decision.Answer.Status);
        Assert.Empty(decision.Answer.OwnClaims);
    }

    [Fact]
    public void MakeClaim_MeetingAnExpiredOne_MakesNoPair()
    {
        var first = _bench.Make("agency-a").Answer.Claim!;
        _bench.Now = first.ExpiresAt;

        Assert.Empty(_bench.Make("agency-b").Found());
    }

    [Fact]
    public void MakeClaim_Silent_EndsNothingOfOthers()
    {
        var first = _bench.Make("agency-a").Answer.Claim!;
        _bench.Now = first.ExpiresAt;

        var decision = _bench.Make("agency-b", Disclosure.Silent);

        Assert.IsType<IdentifierEvent.ClaimMade>(Assert.Single(decision.Events));
    }

    [Fact]
    public void MakeClaim_MeetingMoreThanTheAnswerHolds_CommitsAllAndCountsAll()
    {
        var bench = new Bench(new Policy { PointersPerAnswer = 3 });
        for (var i = 0; i < 5; i++)
        {
            bench.Now = Bench.Start.AddMinutes(i);
            bench.Make($"agency-{i}");
        }

        var decision = bench.Make("agency-z");

        Assert.Equal(5, decision.Found().Count);
        Assert.Equal(5, decision.AlertsTo("agency-z").Count);
        Assert.Equal(5, decision.Answer.PointerCount);
        Assert.Equal(["agency-0", "agency-1", "agency-2"], decision.Answer.Pointers.Select(pointer => pointer.Other.Agency.Value));
    }

    [Fact]
    public void MakeClaim_OneSideWithoutWindow_SaysThatItWasAssumed()
    {
        _bench.Make(Given.Draft("agency-a", window: Given.Hours(0, 1)));

        var decision = _bench.Make("agency-b");

        Assert.True(Assert.Single(decision.Found()).WindowAssumed);
        Assert.True(Assert.Single(decision.Answer.Pointers).WindowAssumed);
    }

    [Theory]
    [InlineData(1, 2, null, false)]
    [InlineData(0, 2, null, true)]
    [InlineData(0, 2, 81, false)]
    public void MakeClaim_ByWindowAndPort_MeetsOnlyWhereBothAgree(int from, int until, int? port, bool meets)
    {
        _bench.Make(Given.Draft("agency-a", window: Given.Hours(0, 1), port: 80));

        var decision = _bench.Make(Given.Draft("agency-b", window: Given.Hours(from, until), port: port));

        Assert.Equal(meets ? 1 : 0, decision.Found().Count);
    }

    private static void AssertTold(IReadOnlyList<Alert> alerts, Visibility visibility, Guid claimId, Guid overlapId)
    {
        if (visibility == Visibility.None)
        {
            Assert.Empty(alerts);
            return;
        }

        var alert = Assert.Single(alerts);
        Assert.Equal(
            (AlertKind.OverlapFound, visibility, (Guid?)claimId, (Guid?)overlapId, Bench.Start),
            (alert.Kind, alert.Visibility, alert.ClaimId, alert.OverlapId, alert.CreatedAt));
    }
}
