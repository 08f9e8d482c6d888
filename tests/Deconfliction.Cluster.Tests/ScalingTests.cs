using System.Diagnostics;
using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests;

/// <summary>A silo that is added under load takes its share, and nobody is started again for it.</summary>
public sealed class ScalingTests(ITestOutputHelper output)
{
    private const int Seed = 3101;
    private static readonly TimeSpan ShareLimit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Add_OfSilosUnderLoad_MovesActivationsOntoThem()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(2, await PostgresServer.CommonAsync());
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed, identifiers: 400);
        await run.MoreAsync(300);
        await SayActivationsAsync(run);
        for (var number = 3; number <= 4; number++)
        {
            var added = await cluster.AddAsync();
            run.Say($"{added.Name} added");
            var since = Stopwatch.StartNew();
            // Of what four silos share a quarter each, the least that is no accident.
            await Waiting.UntilAsync($"{added.Name} has its share", ShareLimit, async () =>
            {
                var activations = await SayActivationsAsync(run);
                return activations.GetValueOrDefault(added.Name) >= activations.Values.Sum() / (number * 2);
            });
            run.Say($"{added.Name} has its share after {since.Elapsed.TotalSeconds:0.0} s");
            await run.LastAsync(TimeSpan.FromSeconds(2));
            await SayActivationsAsync(run);
        }

        Assert.All(cluster.Silos, silo => Assert.True(silo.IsRunning));
        await run.AssertHoldsAsync();
    }

    private static async Task<IReadOnlyDictionary<string, int>> SayActivationsAsync(FaultRun run)
    {
        var activations = await run.Cluster.ActiveAsync();
        run.Say("identifier grains: " + string.Join(", ", activations.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value}")));
        return activations;
    }
}
