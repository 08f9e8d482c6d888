using Deconfliction.Domain.Agencies;
using Deconfliction.Silo.Grains;
using Orleans.Runtime;

namespace Deconfliction.Silo.Tests.Grains;

/// <summary>An agency's grain: numbers what it is nudged about, and tells those who wait for the head, on whichever silo they are.</summary>
public sealed class AgencyGrainTests
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);
    private static readonly AgencyId s_alpha = AgencyId.Parse("alpha");
    private static readonly GrainId s_grain = GrainId.Create(AgencyGrain.Kind, "alpha");

    [Fact]
    public async Task Overlap_Committed_IsNumberedAndWakesTheWaitersOfAllSilos()
    {
        await using var cluster = await GrainCluster.StartAsync(3);
        var waiting = cluster.Silos.Select(silo => silo.Actors.WaitForHeadAsync(s_alpha, known: 0, s_limit, CancellationToken.None)).ToArray();
        await cluster.ClaimAsync(cluster.Silos[0], "alpha", "shared").WaitAsync(s_limit);
        Assert.DoesNotContain(waiting, static wait => wait.IsCompleted);

        await cluster.ClaimAsync(cluster.Silos[1], "bravo", "shared").WaitAsync(s_limit);

        var heads = await Task.WhenAll(waiting).WaitAsync(s_limit);
        Assert.Equal([1L, 1L, 1L], heads);
        Assert.Equal(1, (await cluster.Ledger.ReadFeedBoundsAsync(s_alpha, CancellationToken.None)).Head);
    }

    [Fact]
    public async Task WaitForHead_NothingComes_SaysWhereItIsWhenTheTimeIsUp()
    {
        await using var cluster = await GrainCluster.StartAsync(2);
        var heads = await Task.WhenAll(cluster.Silos.Select(silo =>
            silo.Actors.WaitForHeadAsync(s_alpha, known: 0, TimeSpan.FromMilliseconds(300), CancellationToken.None))).WaitAsync(s_limit);
        Assert.Equal([0L, 0L], heads);
    }

    [Fact]
    public async Task WaitForHead_Cancelled_Ends()
    {
        await using var cluster = await GrainCluster.StartAsync(2);
        using var leaving = new CancellationTokenSource();
        var waits = cluster.Silos.Select(silo => silo.Actors.WaitForHeadAsync(s_alpha, known: 0, s_limit, leaving.Token)).ToArray();
        await leaving.CancelAsync();
        foreach (var wait in waits)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => wait.WaitAsync(s_limit));
        }
    }

    [Fact]
    public async Task WaitForHead_TheGrainsSiloStops_GoesOnElsewhere()
    {
        await using var cluster = await GrainCluster.StartAsync(3);
        var lost = cluster.OwnerOf(s_grain, cluster.Silos[0]);
        var left = cluster.Silos.First(silo => silo != lost);
        var wait = left.Actors.WaitForHeadAsync(s_alpha, known: 0, s_limit, CancellationToken.None);
        await cluster.ClaimAsync(left, "alpha", "shared").WaitAsync(s_limit);

        await cluster.StopAsync(lost).WaitAsync(s_limit);
        Assert.False(wait.IsCompleted);
        await cluster.ClaimAsync(left, "bravo", "shared").WaitAsync(s_limit);

        Assert.Equal(1, await wait.WaitAsync(s_limit));
    }
}
