using Deconfliction.Testing.Histories;

namespace Deconfliction.EndToEnd.Tests;

/// <summary>The checker is believed because it has been seen to find each kind of lie.</summary>
public sealed class HistoryCheckerTests
{
    private static readonly Guid ClaimA = Guid.Parse("00000000-0000-0000-0000-00000000000a");
    private static readonly Guid ClaimB = Guid.Parse("00000000-0000-0000-0000-00000000000b");
    private static readonly Guid LookId = Guid.NewGuid();
    private static readonly Guid Met = Guid.Parse("00000000-0000-0000-0000-0000000000aa");

    private static readonly Operation First = new()
    {
        Did = Did.Claim, Agency = "alpha", Identifier = "x", RequestId = Guid.NewGuid(), Asked = 1, Answered = 2, Claim = ClaimA, Case = "A-1",
    };

    private static readonly Operation Second = First with
    {
        Agency = "bravo", RequestId = Guid.NewGuid(), Asked = 3, Answered = 4, Claim = ClaimB, Case = "B-1", Told = [("alpha", "A-1")],
    };

    private static readonly FinalState Truth = new(
        [new("alpha", ClaimA, "x", IsLive: true), new("bravo", ClaimB, "x", IsLive: true)],
        [new("alpha", Met, ClaimA, "bravo", "B-1"), new("bravo", Met, ClaimB, "alpha", "A-1")],
        [new("alpha", 1, "OVERLAP_FOUND", Met), new("bravo", 1, "OVERLAP_FOUND", Met)],
        [("alpha", First.RequestId), ("bravo", Second.RequestId)]);

    [Fact]
    public void Check_Truth_FindsNothing() => Assert.Empty(HistoryChecker.Check([First, Second], Truth));

    [Fact]
    public void Check_LostClaim_NamesI1() => AssertNames("I1", Truth with { Claims = [Truth.Claims[0]] });

    [Fact]
    public void Check_LostRelease_NamesI1() => AssertNames(
        "I1", Truth, First, Second, First with { Did = Did.Release, RequestId = Guid.NewGuid(), Asked = 5, Answered = 6 });

    [Fact]
    public void Check_MissingPair_NamesI2() => AssertNames("I2", Truth with { Overlaps = [], Alerts = [] });

    [Fact]
    public void Check_PairTwice_NamesI2() =>
        AssertNames("I2", Truth with { Overlaps = [.. Truth.Overlaps, Truth.Overlaps[0] with { Overlap = Guid.NewGuid() }] });

    [Fact]
    public void Check_MissingAlert_NamesI2() => AssertNames("I2", Truth with { Alerts = [Truth.Alerts[0]] });

    [Fact]
    public void Check_PairThatNeverMet_NamesI3() => AssertNames(
        "I3",
        Truth with { Claims = [Truth.Claims[0] with { IsLive = false }, Truth.Claims[1]] },
        First,
        Second with { Asked = 10, Answered = 11 },
        First with { Did = Did.Release, RequestId = Guid.NewGuid(), Asked = 5, Answered = 6 });

    [Fact]
    public void Check_ClaimNobodyMade_NamesI4() =>
        AssertNames("I4", Truth with { Claims = [.. Truth.Claims, new("alpha", Guid.NewGuid(), "x", IsLive: true)] });

    [Fact]
    public void Check_GapInFeed_NamesI5() => AssertNames("I5", Truth with { Alerts = [Truth.Alerts[0] with { Position = 2 }, Truth.Alerts[1]] });

    [Fact]
    public void Check_AnswerThatMissedAClaim_NamesI6() => AssertNames("I6", Truth, First, Second with { Told = [] });

    [Fact]
    public void Check_AnswerOfAClaimToCome_NamesI6() => AssertNames("I6", Truth, First with { Told = [("bravo", "B-1")] }, Second);

    [Fact]
    public void Check_LostUpdate_NamesI1() => AssertNames("I1", Truth, First, Second, Change(Did.Update) with { Contact = "new desk" });

    [Fact]
    public void Check_LostRenewal_NamesI1() => AssertNames("I1", Truth, First, Second, Change(Did.Renew) with { ExpiresAt = DateTimeOffset.UnixEpoch });

    [Fact]
    public void Check_ClaimsAtOnceThatBothMissTheOther_NamesI6() => AssertNames("I6: neither", Truth, First, Second with { Asked = 1, Answered = 2, Told = [] });

    [Fact]
    public void Check_ClaimsAtOnceThatWereBothTold_NamesI6() =>
        AssertNames("I6", Truth, First with { Told = [("bravo", "B-1")] }, Second with { Asked = 1, Answered = 2 });

    // The claim is still being made when the first check sees it: the second, which begins after that, must see it too.
    [Fact]
    public void Check_AnswerThatForgetsWhatAnEarlierOneSaw_NamesI6()
    {
        var slow = First with { Asked = 1, Answered = 100 };
        var sees = new Operation
        {
            Did = Did.Check, Agency = "bravo", Identifier = "x", RequestId = Guid.NewGuid(), Asked = 10, Answered = 11, Case = "look-1", Told = [("alpha", "A-1")],
        };
        var forgets = sees with { RequestId = Guid.NewGuid(), Asked = 20, Answered = 21, Case = "look-2", Told = [] };
        var state = new FinalState([Truth.Claims[0]], [], [Checked with { Position = 1 }], [("alpha", slow.RequestId), ("bravo", sees.RequestId), ("bravo", forgets.RequestId)]);
        AssertNames("I6", state, slow, sees, forgets);
        Assert.Empty(HistoryChecker.Check([slow, sees, forgets with { Asked = 5 }], state));
    }

    [Fact]
    public void CheckDeliveries_TheFeedOnce_FindsNothing() => Assert.Empty(DeliveryChecker.Check(Delivered(1, 2, 3), Feed));

    [Theory]
    [InlineData(1, 3)]
    [InlineData(1, 2, 2, 3)]
    [InlineData(2, 1, 3)]
    [InlineData(1, 2)]
    public void CheckDeliveries_GapRepetitionDisorderOrEnd_NamesI5(params int[] positions) =>
        Assert.NotEmpty(DeliveryChecker.Check(Delivered(positions), Feed));

    [Fact]
    public void CheckDeliveries_AnotherAlertAtAPosition_NamesI5() =>
        Assert.NotEmpty(DeliveryChecker.Check([.. Delivered(1, 2), new("alpha", 3, Guid.NewGuid(), 1)], Feed));

    [Fact]
    public void Check_CheckThatWasToldToItsOwner_FindsNothing() => Assert.Empty(HistoryChecker.Check([First, Second, Look], AfterLook));

    [Fact]
    public void Check_CheckThatItsOwnerWasNotToldOf_NamesI2() => AssertNames("I2", AfterLook with { Alerts = Truth.Alerts }, First, Second, Look);

    [Fact]
    public void Check_CheckThatItsOwnerWasToldOfTwice_NamesI2() =>
        AssertNames("I2", AfterLook with { Alerts = [.. AfterLook.Alerts, Checked with { Position = 3 }] }, First, Second, Look);

    [Fact]
    public void Check_AlertOfACheckThatHitNothing_NamesI3() => AssertNames(
        "I3", AfterLook with { Alerts = [.. AfterLook.Alerts, Checked with { Position = 3, Case = "look-2" }] },
        First, Second, Look, Look with { RequestId = Guid.NewGuid(), Identifier = "y", Case = "look-2", Told = [] });

    [Fact]
    public void Check_AlertOfACheckThatNobodyMade_NamesI3() => AssertNames("I3", AfterLook, First, Second);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Check_NoticeThatContradictsTheAnswer_NamesI6(bool nothing) => AssertNames(
        "I6", Truth, First with { NothingToDisclose = nothing }, Second with { NothingToDisclose = nothing });

    [Fact]
    public void Check_OperationNotAudited_NamesI7() => AssertNames("I7", Truth with { Audited = [Truth.Audited[0]] });

    [Fact]
    public void Check_OperationAuditedTwice_NamesI7() => AssertNames("I7", Truth with { Audited = [.. Truth.Audited, Truth.Audited[0]] });

    private static Operation Look => First with
    {
        Did = Did.Check, Agency = "bravo", RequestId = LookId, Asked = 5, Answered = 6, Claim = Guid.Empty, Case = "look-1", Told = [("alpha", "A-1")],
    };

    private static FinalAlert Checked => new("alpha", 2, "CLAIM_CHECKED", Guid.Empty) { By = "bravo", Case = "look-1" };

    private static FinalState AfterLook => Truth with { Alerts = [Truth.Alerts[0], Checked, Truth.Alerts[1]], Audited = [.. Truth.Audited, ("bravo", LookId)] };

    private static readonly (long Position, Guid Alert)[] Feed = [(1, ClaimA), (2, ClaimB), (3, Met)];

    private static List<Delivery> Delivered(params int[] positions) =>
        [.. positions.Select(position => new Delivery("alpha", position, Feed[position - 1].Alert, 0))];

    private static Operation Change(Did did) => First with { Did = did, RequestId = Guid.NewGuid(), Asked = 5, Answered = 6, Told = [] };

    private static void AssertNames(string invariant, FinalState state, params Operation[] operations)
    {
        var problems = HistoryChecker.Check(operations.Length == 0 ? [First, Second] : operations, state);
        Assert.Contains(problems, problem => problem.StartsWith(invariant, StringComparison.Ordinal));
    }
}
