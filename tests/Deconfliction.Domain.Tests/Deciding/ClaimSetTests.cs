using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using FsCheck;
using FsCheck.Fluent;

namespace Deconfliction.Domain.Tests.Deciding;

public class ClaimSetTests
{
    private const int Agencies = 5;

    [Fact]
    public void AllQuestions_AfterAnyOperations_AnswerLikeAPlainList() =>
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => MatchesAPlainList(new Random(seed), steps: 120))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(150));

    [Fact]
    public void Add_SameKeyTwice_Throws()
    {
        var set = new ClaimSet();
        var claim = Given.Draft("agency-a");
        set.Add(claim);

        Assert.Throws<InvalidOperationException>(() => set.Add(Given.Draft("agency-a")));
        Assert.Throws<InvalidOperationException>(() => set.Add(claim with { Case = "case-2" }));
    }

    [Fact]
    public void Replace_WithAnotherWindow_Throws()
    {
        var set = new ClaimSet();
        var claim = Given.Draft("agency-a");
        set.Add(claim);

        Assert.Throws<InvalidOperationException>(() => set.Replace(claim with { Window = Given.Hours(0, 1) }));
    }

    [Fact]
    public void Remove_WhatIsNotThere_Throws() => Assert.Throws<InvalidOperationException>(() => new ClaimSet().Remove(Guid.NewGuid()));

    // Grows past the array's limit and shrinks below it again, several times over.
    private static bool MatchesAPlainList(Random random, int steps)
    {
        var set = new ClaimSet();
        var list = new List<Claim>();
        var grows = true;
        for (var step = 0; step < steps; step++)
        {
            grows = list.Count > 45 ? false : list.Count < 4 || grows;
            var dice = random.Next(10);
            if (list.Count == 0 || dice < (grows ? 6 : 2))
            {
                var claim = RandomClaim(random);
                if (list.TrueForAll(one => one.Key != claim.Key))
                {
                    set.Add(claim);
                    list.Add(claim);
                }
            }
            else if (dice < 8)
            {
                var index = random.Next(list.Count);
                set.Remove(list[index].Id);
                list.RemoveAt(index);
            }
            else
            {
                var index = random.Next(list.Count);
                list[index] = Vary(list[index], random);
                set.Replace(list[index]);
            }

            Compare(set, list, random);
        }

        return true;
    }

    internal static void Compare(ClaimSet set, List<Claim> list, Random random)
    {
        var at = Bench.Start.AddDays(random.Next(20));
        var probe = RandomClaim(random);
        Assert.Equal(list.Count, set.Count);
        Assert.Equal(list.Count(claim => claim.Held), set.HeldCount);
        Assert.Equal(
            list.Where(claim => claim.Disclosure != Disclosure.Silent).DistinctBy(claim => claim.Agency).Count(), set.CountableAgencies);
        Assert.Equal(
            list.Count(claim => claim.Agency == probe.Agency && claim.Disclosure != Disclosure.Silent), set.CountableOf(probe.Agency));
        Assert.Equal(list.Min(claim => (DateTimeOffset?)claim.ExpiresAt), set.FirstExpiry);
        Assert.Equal(
            list.Where(claim => !claim.ExpiryAnnounced).Min(claim => (DateTimeOffset?)claim.ExpiresAt), set.FirstUnannounced);
        Assert.Equal(Plain(list.Find(claim => claim.Key == probe.Key)), Plain(set.Find(probe.Key)));
        Assert.All(list, claim => Assert.Equal(Plain(claim), Plain(set.Find(claim.Id))));
        Assert.All(list, claim => Assert.Equal(claim.Id, set.Find(claim.Key)?.Id));
        Assert.Null(set.Find(probe.Id));
        Same(list, set.All());
        Same(list.Where(claim => claim.Agency != probe.Agency && claim.Meets(probe)),
            Collected(into => set.CollectMeeting(probe.Agency, probe.Window, probe.Port, into)));
        Same(list.Where(claim => claim.ExpiresAt <= at), Collected(into => set.CollectExpiringBy(at, unannouncedOnly: false, into)));
        Same(list.Where(claim => claim.ExpiresAt <= at && !claim.ExpiryAnnounced),
            Collected(into => set.CollectExpiringBy(at, unannouncedOnly: true, into)));
        Same(ByAge(list.Where(claim => !claim.Held)).DistinctBy(claim => claim.Agency),
            Collected(into => set.CollectOldestOfEach(claim => !claim.Held, into)));
        Assert.Equal(
            ByAge(list.Where(claim => claim.Agency == probe.Agency && claim.IsLive(at))).Take(3).Select(claim => claim.Id),
            Collected(into => set.CollectOf(probe.Agency, at, 3, into)).Select(claim => claim.Id));
    }

    private static List<Claim> Collected(Action<List<Claim>> collect)
    {
        var into = new List<Claim>();
        collect(into);
        return into;
    }

    private static IEnumerable<Claim> ByAge(IEnumerable<Claim> claims) =>
        claims.OrderBy(claim => claim.CreatedAt).ThenBy(claim => claim.Id);

    private static void Same(IEnumerable<Claim> expected, IEnumerable<Claim> actual) =>
        Assert.Equal(expected.Select(claim => claim.Id).Order(), actual.Select(claim => claim.Id).Order());

    /// <summary>All that a decision may rest on: the sealed part is the ledger's.</summary>
    internal static Claim? Plain(Claim? claim) => claim is null ? null : claim with { Sealed = default, IsSealedApart = false };

    internal static Claim RandomClaim(Random random)
    {
        var start = random.Next(40);
        Window? window = random.Next(4) == 0 ? null : Given.Hours(start, start + random.Next(1, 8), random.Next(2));
        var draft = Given.Draft(
            $"agency-{random.Next(Agencies)}",
            role: AgencyRole.LawEnforcement,
            @case: $"case-{random.Next(3)}",
            window: window,
            port: random.Next(3) == 0 ? random.Next(1, 3) : null);
        return Vary(draft with { CreatedAt = Bench.Start.AddMinutes(random.Next(5)) }, random);
    }

    internal static Claim Vary(Claim claim, Random random) => claim with
    {
        Disclosure = (Disclosure)random.Next(1, 4),
        ExpiresAt = Bench.Start.AddDays(random.Next(1, 20)),
        ExpiryAnnounced = random.Next(2) == 0,
        Held = random.Next(3) == 0,
    };
}
