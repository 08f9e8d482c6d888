using System.Collections.Immutable;
using System.Net;
using Deconfliction.Silo.Clustering;
using Orleans.Runtime;

namespace Deconfliction.Silo.Tests.Clustering;

/// <summary>Who owns a grain: the same on all silos of one view, little moves when a silo comes or goes, and none has much more than its share.</summary>
public sealed class OwnersTests
{
    private const int Grains = 20_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(16)]
    public void OwnerOf_TheSameSilosInAnotherOrder_IsTheSame(int silos)
    {
        var addresses = Addresses(silos);
        var one = Owners.Of(View(1, addresses));
        var other = Owners.Of(View(9, addresses.Reverse()));

        Assert.All(Ids(), grain => Assert.Equal(one.OwnerOf(grain), other.OwnerOf(grain)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(16)]
    public void OwnerOf_ASiloJoins_MovesItsShareToItAndNothingElse(int silos)
    {
        var addresses = Addresses(silos);
        var newcomer = addresses[^1];
        var before = Owners.Of(View(1, addresses.SkipLast(1)));
        var after = Owners.Of(View(2, addresses));

        var moved = Ids().Where(grain => !before.OwnerOf(grain)!.Equals(after.OwnerOf(grain))).ToList();

        Assert.All(moved, grain => Assert.Equal(newcomer, after.OwnerOf(grain)));
        Assert.InRange(moved.Count, Share(silos) * 0.9, Share(silos) * 1.1);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    public void OwnerOf_ASiloLeaves_MovesOnlyItsOwnAndSpreadsThem(int silos)
    {
        var addresses = Addresses(silos);
        var lost = addresses[0];
        var before = Owners.Of(View(1, addresses));
        var after = Owners.Of(View(2, addresses.Skip(1)));

        var orphans = Ids().Where(grain => before.OwnerOf(grain)!.Equals(lost)).ToList();

        Assert.All(Ids().Except(orphans), grain => Assert.Equal(before.OwnerOf(grain), after.OwnerOf(grain)));
        var heirs = orphans.GroupBy(grain => after.OwnerOf(grain)!).ToDictionary(static heir => heir.Key, static heir => heir.Count());
        Assert.Equal(silos - 1, heirs.Count);
        Assert.All(heirs.Values, count => Assert.InRange(count, orphans.Count * 0.8 / (silos - 1), orphans.Count * 1.2 / (silos - 1)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(16)]
    public void OwnerOf_ManyGrains_GivesEachSiloItsShare(int silos)
    {
        var owners = Owners.Of(View(1, Addresses(silos)));

        var counts = Ids().GroupBy(grain => owners.OwnerOf(grain)!).Select(static owner => owner.Count()).ToList();

        Assert.Equal(silos, counts.Count);
        Assert.All(counts, count => Assert.InRange(count, Share(silos) * 0.9, Share(silos) * 1.1));
    }

    [Theory]
    [InlineData(SiloStatus.Joining)]
    [InlineData(SiloStatus.ShuttingDown)]
    [InlineData(SiloStatus.Stopping)]
    [InlineData(SiloStatus.Dead)]
    public void OwnerOf_ASiloThatIsNotActive_OwnsNothing(SiloStatus status)
    {
        var addresses = Addresses(2);
        var view = new ClusterMembershipSnapshot(
            ImmutableDictionary<SiloAddress, ClusterMember>.Empty
                .Add(addresses[0], new ClusterMember(addresses[0], SiloStatus.Active, "one"))
                .Add(addresses[1], new ClusterMember(addresses[1], status, "two")),
            new MembershipVersion(1));

        Assert.All(Ids(), grain => Assert.Equal(addresses[0], Owners.Of(view).OwnerOf(grain)));
    }

    [Fact]
    public void OwnerOf_NoSilo_IsNobody() => Assert.Null(Owners.Of(View(1, [])).OwnerOf(Ids().First()));

    private static double Share(int silos) => (double)Grains / silos;

    private static IEnumerable<GrainId> Ids() => Enumerable.Range(0, Grains).Select(static number => Keys.Grain($"value {number}"));

    // Side by side on one machine, as in cluster/up: addresses that differ in little.
    private static SiloAddress[] Addresses(int count) =>
        [.. Enumerable.Range(0, count).Select(static number => SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 7411 + number), 1_000 + number))];

    private static ClusterMembershipSnapshot View(long version, IEnumerable<SiloAddress> active) => new(
        active.ToImmutableDictionary(static silo => silo, static silo => new ClusterMember(silo, SiloStatus.Active, silo.ToString())),
        new MembershipVersion(version));
}
