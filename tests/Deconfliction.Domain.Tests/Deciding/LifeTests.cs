using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Tests.Deciding;

/// <summary>Updates, renewals, releases, expiry.</summary>
public class LifeTests
{
    private readonly Bench _bench = new();

    [Fact]
    public void AnyChange_OfAnothersClaim_AnswersLikeOneThatIsNotThere()
    {
        var claim = _bench.Make("agency-a").Answer.Claim!;
        var thief = Given.Agency("agency-b");

        foreach (var id in new[] { claim.Id, CountingIds.Of(77) })
        {
            Command[] commands =
            [
                new Command.RenewClaim(thief, id, Lifetime: null),
                new Command.ReleaseClaim(thief, id),
                new Command.UpdateClaim(thief, id, null, Priority.High, null, null, null, []),
                new Command.RequestCrowdContact(thief, id),
            ];
            Assert.All(commands, command =>
            {
                var decision = _bench.Run(command);
                Assert.Equal(new Answer { Status = AnswerStatus.NotFound }.ToString(), (decision.Answer with { Pointers = [], OwnClaims = [] }).ToString());
                Assert.Empty(decision.Events);
            });
        }
    }

    [Fact]
    public void AnyChange_OfAnExpiredClaim_SaysThatItEnded()
    {
        var claim = _bench.Make("agency-a").Answer.Claim!;
        _bench.Now = claim.ExpiresAt;

        Decision[] decisions = [_bench.Renew(claim), _bench.Release(claim), _bench.Update(claim, Disclosure.Masked)];

        Assert.All(decisions, decision =>
        {
            Assert.Equal(AnswerStatus.Ended, decision.Answer.Status);
            Assert.Equal((EndReason.Expired, (DateTimeOffset?)claim.ExpiresAt), (decision.Answer.Claim!.EndReason, decision.Answer.Claim.EndedAt));
            Assert.Empty(decision.Events);
        });
    }

    [Fact]
    public void Update_WithItsEtag_RaisesIt()
    {
        var claim = _bench.Make("agency-a").Answer.Claim!;

        var decision = _bench.Run(new Command.UpdateClaim(
            claim.Agency, claim.Id, 1, Priority.Urgent, Handling.TlpRed, Disclosure: null, new byte[] { 9 }, []));

        var updated = decision.Answer.Claim!;
        Assert.Equal((Priority.Urgent, Handling.TlpRed, 2), (updated.Priority, updated.Handling, updated.Revision));
        Assert.Equal([9], updated.Sealed.ToArray());
        Assert.Equal(updated, Assert.Single(_bench.State.LiveClaims));
    }

    [Fact]
    public void Update_WithAnOldEtag_IsOutdatedAndChangesNothing()
    {
        var claim = _bench.Make("agency-a").Answer.Claim!;
        _bench.Update(claim, Disclosure.Masked);

        var decision = _bench.Update(claim, Disclosure.Silent, expected: 1);

        Assert.Equal(AnswerStatus.Outdated, decision.Answer.Status);
        Assert.Empty(decision.Events);
    }

    [Fact]
    public void Update_ToWhatItIs_ChangesNothing()
    {
        var claim = _bench.Make("agency-a").Answer.Claim!;

        var decision = _bench.Update(claim, Disclosure.Open, expected: 1);

        Assert.Equal((AnswerStatus.Done, 1), (decision.Answer.Status, decision.Answer.Claim!.Revision));
        Assert.Empty(decision.Events);
    }

    [Theory]
    [InlineData(Disclosure.Silent, Disclosure.Open, Disclosure.Open, Visibility.Open, Visibility.None)]
    [InlineData(Disclosure.Silent, Disclosure.Masked, Disclosure.Open, Visibility.Masked, Visibility.None)]
    [InlineData(Disclosure.Masked, Disclosure.Open, Disclosure.Masked, Visibility.Open, Visibility.None)]
    [InlineData(Disclosure.Open, Disclosure.Masked, Disclosure.Open, Visibility.None, Visibility.None)]
    [InlineData(Disclosure.Open, Disclosure.Silent, Disclosure.Open, Visibility.None, Visibility.None)]
    [InlineData(Disclosure.Open, Disclosure.Silent, Disclosure.Silent, Visibility.None, Visibility.Masked)]
    [InlineData(Disclosure.Silent, Disclosure.Open, Disclosure.Silent, Visibility.Open, Visibility.None)]
    public void Update_OfDisclosure_TellsWhoeverSeesMore(
        Disclosure before, Disclosure after, Disclosure other, Visibility toOther, Visibility toMe)
    {
        var mine = _bench.Make("agency-a", before).Answer.Claim!;
        _bench.Make("agency-b", other);

        var decision = _bench.Update(mine, after);

        AssertDisclosed(decision, "agency-b", toOther);
        AssertDisclosed(decision, "agency-a", toMe);
    }

    [Fact]
    public void Update_OfDisclosureTowardsAReferrer_TellsItNothing()
    {
        var mine = _bench.Make("agency-a", Disclosure.Silent).Answer.Claim!;
        _bench.Make("hotline", role: AgencyRole.Hotline);

        Assert.Empty(_bench.Update(mine, Disclosure.Open).Alerts());
    }

    [Fact]
    public void Update_WithAnOverlapOfAnotherClaim_Throws()
    {
        var mine = _bench.Make("agency-a").Answer.Claim!;
        var second = _bench.Make(Given.Draft("agency-a", @case: "case-2")).Answer.Claim!;
        _bench.Make("agency-b");

        Assert.Throws<ArgumentException>(() => _bench.Run(
            new Command.UpdateClaim(mine.Agency, mine.Id, null, null, null, Disclosure.Silent, null, _bench.OverlapsOf(second.Id))));
    }

    [Fact]
    public void Renew_Live_LivesAnewFromNowAndIsAnnouncedAnew()
    {
        var claim = _bench.Make("agency-a").Answer.Claim!;
        _bench.Now = claim.ExpiresAt.AddDays(-1);
        _bench.Sweep();

        var renewed = _bench.Renew(claim).Answer.Claim!;

        Assert.Equal((_bench.Now.AddDays(180), false, 2), (renewed.ExpiresAt, renewed.ExpiryAnnounced, renewed.Revision));
        Assert.Equal(renewed.ExpiresAt - _bench.Policy.ExpiryNotice, _bench.State.NextDue(_bench.Policy));
    }

    [Fact]
    public void Renew_ForLessThanIsLeft_ChangesNothing()
    {
        var claim = _bench.Make("agency-a").Answer.Claim!;

        var decision = _bench.Renew(claim, TimeSpan.FromDays(1));

        Assert.Equal(claim, decision.Answer.Claim);
        Assert.Empty(decision.Events);
    }

    [Fact]
    public void Release_Live_EndsItAndTheSameLineIsNewAgain()
    {
        var claim = _bench.Make("agency-a").Answer.Claim!;
        _bench.Now = Bench.Start.AddDays(1);

        var ended = _bench.Release(claim).Answer.Claim!;

        Assert.Equal((EndReason.Released, (DateTimeOffset?)_bench.Now), (ended.EndReason, ended.EndedAt));
        Assert.Equal(0, _bench.State.LiveCount);
        Assert.Empty(_bench.Make("agency-b").Found());
        Assert.Equal(AnswerStatus.Done, _bench.Make("agency-a").Answer.Status);
    }

    [Fact]
    public void Sweep_BeforeAnythingIsDue_ChangesNothing()
    {
        _bench.Make("agency-a");
        _bench.Now = _bench.State.NextDue(_bench.Policy)!.Value.AddTicks(-1);

        Assert.Empty(_bench.Sweep().Events);
    }

    [Theory]
    [InlineData(AgencyRole.LawEnforcement)]
    [InlineData(AgencyRole.Hotline)]
    public void Sweep_SoonBeforeExpiry_GivesNoticeOnceAndKeepsTheEtag(AgencyRole role)
    {
        var claim = _bench.Make("agency-a", role: role).Answer.Claim!;
        _bench.Now = _bench.State.NextDue(_bench.Policy)!.Value;

        var decision = _bench.Sweep();

        var alert = Assert.Single(decision.AlertsTo("agency-a"));
        Assert.Equal((AlertKind.ClaimExpiring, (Guid?)claim.Id), (alert.Kind, alert.ClaimId));
        Assert.Equal(claim with { ExpiryAnnounced = true }, Assert.Single(_bench.State.LiveClaims));
        Assert.Equal(claim.ExpiresAt, _bench.State.NextDue(_bench.Policy));
        Assert.Empty(_bench.Sweep().Events);
    }

    [Fact]
    public void Sweep_AtExpiry_EndsItWithoutNotice()
    {
        var claim = _bench.Make("agency-a").Answer.Claim!;
        _bench.Now = claim.ExpiresAt;

        var ended = Assert.IsType<IdentifierEvent.ClaimEnded>(Assert.Single(_bench.Sweep().Events)).Claim;

        Assert.Equal((EndReason.Expired, 2), (ended.EndReason, ended.Revision));
        Assert.Null(_bench.State.NextDue(_bench.Policy));
    }

    private static void AssertDisclosed(Decision decision, string agency, Visibility visibility)
    {
        var alerts = decision.AlertsTo(agency);
        Assert.Equal(visibility == Visibility.None ? [] : [(AlertKind.Disclosed, visibility)], alerts.Select(alert => (alert.Kind, alert.Visibility)));
    }
}
