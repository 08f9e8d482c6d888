using System.Diagnostics;
using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Testing;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests.Faults;

/// <summary>kill -9 of one silo after the other under load (FAULTS.md: F1).</summary>
public sealed class KilledAgainTests(ITestOutputHelper output)
{
    private const int Seed = 1101;
    private static readonly TimeSpan Between = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task F1_OneKilledAndOneAddedEveryTenSeconds_InvariantsHold()
    {
        var time = FaultTime.Of(output, "F1", 40, requiredSeconds: 120);
        await using var cluster = await ClusterUnderTest.StartAsync(3, await PostgresServer.CommonAsync());
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed);
        var random = new Random(Seed);
        var since = Stopwatch.StartNew();
        var least = (int)(time / Between / 2);
        var rounds = 0;
        while (since.Elapsed < time || (rounds < least && since.Elapsed < Limit)) // a busy machine takes longer to start a silo
        {
            var victim = cluster.Running[random.Next(cluster.Running.Count)];
            await victim.KillAsync();
            run.Say($"{victim.Name} killed");
            var added = await cluster.AddAsync();
            run.Say($"{added.Name} added");
            rounds++;
            var rest = (Between * rounds) - since.Elapsed;
            await run.LastAsync(rest > TimeSpan.Zero ? rest : TimeSpan.Zero);
        }

        await run.MoreAsync(300);
        Assert.True(rounds >= least, $"{rounds} rounds only in {since.Elapsed.TotalSeconds:0} s.");
        output.WriteLine($"{rounds} silos killed and {rounds} added in {since.Elapsed.TotalSeconds:0} s");
        await run.AssertHoldsAsync();
    }
}
