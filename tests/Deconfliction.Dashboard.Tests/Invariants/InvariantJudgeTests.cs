using Deconfliction.Dashboard.Invariants;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger.Insight;

namespace Deconfliction.Dashboard.Tests.Invariants;

public sealed class InvariantJudgeTests
{
    private static readonly Guid s_identifier = Guid.CreateVersion7();
    private readonly Claim _alpha = Of("alpha");
    private readonly Claim _beta = Of("beta");

    [Fact]
    public void Pairs_StoredOnce_Hold() => Assert.Equal((1, ""), InvariantJudge.Pairs([Sample([_alpha, _beta], Between(_alpha, _beta))]));

    [Fact]
    public void Pairs_Missing_AreFound() => Assert.NotEmpty(InvariantJudge.Pairs([Sample([_alpha, _beta])]).Finding);

    [Fact]
    public void Pairs_StoredTwiceInEitherOrder_AreFound() =>
        Assert.NotEmpty(InvariantJudge.Pairs([Sample([_alpha, _beta], Between(_alpha, _beta), Between(_beta, _alpha))]).Finding);

    [Fact]
    public void Pairs_HeldBackOrOfOneAgencyOrApart_AreNotExpected() => Assert.Equal(
        (0, ""),
        InvariantJudge.Pairs(
        [
            Sample([_alpha, _beta with { Held = true }]),
            Sample([_alpha, Of("alpha")]),
            Sample([_alpha with { Port = 80 }, _beta with { Port = 443 }]),
        ]));

    [Fact]
    public void Phantoms_WithinOneAgency_AreFound()
    {
        var other = Of("alpha");
        Assert.NotEmpty(InvariantJudge.Phantoms([Sample([_alpha, other], Between(_alpha, other))]).Finding);
    }

    [Fact]
    public void Phantoms_OfAnotherIdentifier_AreFound() => Assert.NotEmpty(
        InvariantJudge.Phantoms([Sample([_alpha, _beta], Between(_alpha, _beta) with { IdentifierId = Guid.CreateVersion7() })]).Finding);

    [Fact]
    public void Phantoms_OfClaimsThatDoNotMeet_AreFound()
    {
        var (one, two) = (_alpha with { Port = 80 }, _beta with { Port = 443 });
        Assert.NotEmpty(InvariantJudge.Phantoms([Sample([one, two], Between(one, two))]).Finding);
    }

    [Fact]
    public void Phantoms_WhereOneSideHasEnded_AreNone() =>
        Assert.Equal((1, ""), InvariantJudge.Phantoms([Sample([_alpha], Between(_alpha, _beta))]));

    private static Claim Of(string agency) => new()
    {
        Id = Guid.CreateVersion7(), Agency = AgencyId.Parse(agency), Role = AgencyRole.LawEnforcement, Case = "case", Sealed = new byte[8],
    };

    private static SampledOverlap Between(Claim a, Claim b) => new(s_identifier, new Overlap
    {
        Id = Guid.CreateVersion7(), A = new OverlapSide(a.Id, a.Agency), B = new OverlapSide(b.Id, b.Agency), FoundAt = DateTimeOffset.UnixEpoch,
    });

    private static SampledIdentifier Sample(Claim[] live, params SampledOverlap[] overlaps) =>
        new(s_identifier, new Tag(new byte[Tag.Length]), Hazard: null, IsCrowd: false, live, overlaps);
}
