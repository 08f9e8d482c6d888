using System.Net;
using Deconfliction.Silo.Clustering;
using Deconfliction.Silo.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Deconfliction.Silo.Tests.Clustering;

/// <summary>The directory follows the membership, and keeps nothing.</summary>
public sealed class OwnerDirectoryTests
{
    private static readonly SiloAddress s_one = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 7411), 1);
    private static readonly SiloAddress s_two = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 7412), 1);

    [Fact]
    public async Task Lookup_TheViewChanges_FollowsIt()
    {
        var membership = new Membership(s_one);
        var directory = Directory(membership);
        var grain = GrainOf(s_two, s_one, s_two);
        Assert.Equal(s_one, (await directory.Lookup(grain))!.SiloAddress);

        membership.Change(s_one, s_two);
        Assert.Equal(s_two, (await directory.Lookup(grain))!.SiloAddress);

        membership.Change(s_one);
        Assert.Equal(s_one, (await directory.Lookup(grain))!.SiloAddress);
    }

    [Fact]
    public async Task Lookup_NoActiveSilo_FindsNothing() => Assert.Null(await Directory(new Membership()).Lookup(Keys.Grain("any")));

    [Fact]
    public async Task Register_OnItsOwner_Stands()
    {
        var directory = Directory(new Membership(s_one, s_two));
        var address = Activation(GrainOf(s_two, s_one, s_two), s_two);

        Assert.Same(address, await directory.Register(address));
        Assert.Same(address, await directory.Register(address, previousAddress: null));
    }

    [Fact]
    public async Task Register_Elsewhere_TellsWhoseItIs()
    {
        var directory = Directory(new Membership(s_one, s_two));
        var grain = GrainOf(s_two, s_one, s_two);

        var told = await directory.Register(Activation(grain, s_one));

        Assert.Equal((grain, s_two), (told!.GrainId, told.SiloAddress));
    }

    [Fact]
    public async Task OwnerOf_ItsSiloIsOutOfReach_AnIdentifierLivesHereAndAnAgencyDoesNot()
    {
        var reach = new Reach();
        var directory = Directory(new Membership(s_one, s_two), reach);
        var grain = GrainOf(s_two, s_one, s_two);
        var agency = Enumerable.Range(0, 1_000).Select(static number => GrainId.Create(AgencyGrain.Kind, $"agency-{number}"))
            .First(one => s_two.Equals(directory.OwnerOf(one)));
        Assert.Equal(s_two, directory.OwnerOf(grain));

        reach.Lose(s_two);
        Assert.Equal(s_one, directory.OwnerOf(grain));
        Assert.Equal(s_one, (await directory.Lookup(grain))!.SiloAddress);
        var activation = Activation(grain, s_one);
        Assert.Same(activation, await directory.Register(activation));
        Assert.Equal(s_two, directory.OwnerOf(agency));

        reach.Find(s_two);
        Assert.Equal(s_two, directory.OwnerOf(grain));
    }

    [Fact]
    public async Task LookUp_AsCache_SaysTheSameAsTheDirectory()
    {
        var directory = Directory(new Membership(s_one, s_two));
        for (var i = 0; i < 100; i++)
        {
            var grain = Keys.Grain($"value {i}");
            Assert.True(directory.LookUp(grain, out var cached, out _));
            Assert.Equal((await directory.Lookup(grain))!.SiloAddress, cached.SiloAddress);
        }
    }

    private static OwnerDirectory Directory(Membership membership, Reach? reach = null) =>
        new(new ServiceCollection().AddSingleton<IClusterMembershipService>(membership).BuildServiceProvider(), reach ?? new Reach(), new Here(s_one));

    private static GrainAddress Activation(GrainId grain, SiloAddress silo) =>
        new() { GrainId = grain, SiloAddress = silo, ActivationId = ActivationId.NewId() };

    // One that a silo owns among others.
    private static GrainId GrainOf(SiloAddress owner, params SiloAddress[] among)
    {
        var owners = Owners.Of(new Membership(among).CurrentSnapshot);
        return Enumerable.Range(0, 1_000).Select(static number => Keys.Grain($"value {number}")).First(grain => owner.Equals(owners.OwnerOf(grain)));
    }
}
