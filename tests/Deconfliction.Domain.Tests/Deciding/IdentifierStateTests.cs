using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;

namespace Deconfliction.Domain.Tests.Deciding;

public class IdentifierStateTests
{
    [Fact]
    public void Committed_OldVersion_Throws()
    {
        var state = IdentifierState.Restore(7, hazard: null, isCrowd: false, []);

        Assert.Throws<ArgumentOutOfRangeException>(() => state.Committed(7));
        state.Committed(8);
        Assert.Equal(8, state.Version);
    }

    [Fact]
    public void Apply_OfWhatDoesNotFit_Throws()
    {
        var state = IdentifierState.Empty();
        var claim = Given.Draft("agency-a");

        Assert.Throws<InvalidOperationException>(() => state.Apply(new IdentifierEvent.ClaimChanged(claim)));
        Assert.Throws<InvalidOperationException>(() => state.Apply(new IdentifierEvent.ClaimEnded(claim)));
        state.Apply(new IdentifierEvent.ClaimMade(claim));
        Assert.Throws<InvalidOperationException>(() => state.Apply(new IdentifierEvent.ClaimMade(claim)));
    }

    [Fact]
    public void NextDue_OfSeveral_IsTheFirstNoticeOrExpiry()
    {
        var policy = new Policy();
        Claim Expiring(string agency, int days, bool announced) =>
            Given.Draft(agency) with { ExpiresAt = Bench.Start.AddDays(days), ExpiryAnnounced = announced };

        Assert.Null(IdentifierState.Empty().NextDue(policy));
        Assert.Equal(Bench.Start.AddDays(6), Due(Expiring("agency-a", 20, announced: false), Expiring("agency-b", 10, announced: true)));
        Assert.Equal(Bench.Start.AddDays(10), Due(Expiring("agency-a", 30, announced: false), Expiring("agency-b", 10, announced: true)));

        DateTimeOffset? Due(params Claim[] claims) =>
            IdentifierState.Restore(1, hazard: null, isCrowd: false, claims).NextDue(policy);
    }

    [Fact]
    public void Weight_WithClaims_GrowsAndShrinksWithThem()
    {
        var state = IdentifierState.Empty();
        var empty = state.Weight;
        var claims = Enumerable.Range(0, 20).Select(i => Given.Draft("agency-a", @case: $"case-{i}")).ToList();

        claims.ForEach(claim => state.Apply(new IdentifierEvent.ClaimMade(claim)));
        Assert.True(state.Weight > empty + (20 * 280));
        claims.ForEach(claim => state.Apply(new IdentifierEvent.ClaimEnded(claim)));

        Assert.Equal(empty, state.Weight);
    }
}
