using System.Diagnostics;
using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests.Faults;

/// <summary>Cut cables between silos (FAULTS.md: F8).</summary>
public sealed class PartitionTests(ITestOutputHelper output)
{
    private const int Seed = 8101;
    private static readonly TimeSpan CutFor = TimeSpan.FromSeconds(12);

    // Against hanging only.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // The one that is cut off is declared dead by the other two, who take over what it owned, while it goes on answering those that are
    // connected to it until it reads that it is dead: for seconds there are two of each of its actors.
    [NetworkFact]
    public async Task F8_OneSiloAfterTheOtherCutOffFromTheRest_DuplicateActivationsDoNoHarm()
    {
        var time = FaultTime.Of(output, "F8", 25);
        await using var network = await SiloNetwork.CreateAsync();
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None, network.StoreAddress);
        await using var cluster = await ClusterUnderTest.StartAsync(3, postgres, network);
        // Few identifiers: what one silo owns, all are asked for.
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed, identifiers: 24);
        var since = Stopwatch.StartNew();
        for (var round = 0; round < 2 || since.Elapsed < time; round++)
        {
            var (silo, place) = (cluster.Silos[round % 3], network.Places[round % 3]);
            var before = await cluster.CountRefusedAsync();
            await network.CutOffAsync(place, cut: true);
            run.Say($"{silo.Name} is cut off from the other silos");
            await run.LastAsync(CutFor);
            await BlindAsync(run, before);
            await Waiting.UntilAsync($"the others declare {silo.Name} dead", Limit, () => cluster.IsDeclaredDeadAsync(silo));
            run.Say($"{silo.Name} {(silo.IsRunning ? "still runs" : "was declared dead and has ended")}");
            await network.CutOffAsync(place, cut: false);
            await ReadyAsync(cluster);
            run.Say("all silos are ready");
            await run.MoreAsync(200);
        }

        await run.AssertHoldsAsync();
    }

    [NetworkFact]
    public async Task F8_AllSilosCutOffFromEachOther_InvariantsHold()
    {
        var time = FaultTime.Of(output, "F8", 20);
        await using var network = await SiloNetwork.CreateAsync();
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None, network.StoreAddress);
        await using var cluster = await ClusterUnderTest.StartAsync(3, postgres, network);
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed + 2, identifiers: 24);

        var before = await cluster.CountRefusedAsync();
        await network.CutSilosAsync(cut: true);
        run.Say("the silos are cut off from each other");
        await run.LastAsync(time);
        await BlindAsync(run, before);
        run.Say($"running: {string.Join(", ", cluster.Running.Select(silo => silo.Name))}");
        await network.CutSilosAsync(cut: false);
        run.Say("the silos are joined again");
        await ReadyAsync(cluster);
        run.Say("all silos are ready");
        await run.MoreAsync(300);
        await run.AssertHoldsAsync();
    }

    // A cut that cuts nothing would be survived by anything: two silos must have written to the same identifier without knowing of each other,
    // and the fence must have refused one of them.
    private static async Task BlindAsync(FaultRun run, IReadOnlyDictionary<SiloProcess, long> before)
    {
        var refused = (await run.Cluster.CountRefusedAsync()).ToDictionary(one => one.Key.Name, one => one.Value - before[one.Key]);
        run.Say($"the fence has refused appends since the cut: {string.Join(", ", refused.Select(one => $"{one.Value} of {one.Key}"))}");
        Assert.True(refused.Values.Sum() > 0, "The fence refused nothing: the cut has not made any two silos write to one identifier.");
    }

    // Who is declared dead ends; its service starts it again.
    private static Task ReadyAsync(ClusterUnderTest cluster) => Waiting.UntilAsync("all silos are ready", Limit, async () =>
    {
        foreach (var silo in cluster.Silos)
        {
            if (!silo.IsRunning)
            {
                silo.Launch();
            }

            if (!await silo.IsReadyAsync())
            {
                return false;
            }
        }

        return true;
    });
}
