using System.Diagnostics;
using Deconfliction.Client;
using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Contract.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Xunit.Abstractions;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Deconfliction.Cluster.Tests.Faults;

/// <summary>Cut cables between silos, and between one and the database (FAULTS.md: F8, F9).</summary>
public sealed class PartitionTests(ITestOutputHelper output)
{
    private const int Seed = 8101;

    [NetworkFact]
    public async Task F8_SilosCutOffFromEachOther_DuplicateActivationsDoNoHarm()
    {
        var time = FaultTime.Of(40);
        await using var network = await SiloNetwork.CreateAsync();
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None, network.StoreAddress);
        await using var cluster = await ClusterUnderTest.StartAsync(3, postgres, network);
        // Few identifiers: what a silo owns, the others are asked for too.
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed, identifiers: 24);

        await network.CutSilosAsync(cut: true);
        run.Say("the silos are cut off from each other");
        var since = Stopwatch.StartNew();
        while (since.Elapsed < time)
        {
            await run.LastAsync(TimeSpan.FromSeconds(5));
            run.Say($"running: {string.Join(", ", cluster.Running.Select(silo => silo.Name))}");
            // Who is declared dead ends; its service starts it again, and it joins whom it can see.
            foreach (var ended in cluster.Silos.Where(silo => !silo.IsRunning))
            {
                ended.Launch();
                run.Say($"{ended.Name} started again");
            }
        }

        await network.CutSilosAsync(cut: false);
        run.Say("the silos are joined again");
        await Waiting.UntilAsync("all silos are ready", TimeSpan.FromSeconds(90), async () =>
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
        run.Say("all silos are ready");
        await run.MoreAsync(300);
        await run.AssertHoldsAsync();
    }

    [NetworkFact]
    public async Task F9_OneSiloCutOffFromTheDatabase_SaysNotServingAndTheOthersGoOn()
    {
        var time = FaultTime.Of(20);
        await using var network = await SiloNetwork.CreateAsync();
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None, network.StoreAddress);
        await using var cluster = await ClusterUnderTest.StartAsync(3, postgres, network);
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed + 1);
        var (cut, place, watcher) = (cluster.Silos[2], network.Places[2], run.Members[0]);

        await network.CutFromStoreAsync(place, cut: true);
        var since = Stopwatch.StartNew();
        run.Say($"{cut.Name} is cut off from the database");
        await Waiting.UntilAsync($"{cut.Name} says NOT_SERVING", TimeSpan.FromSeconds(15), async () =>
            await watcher.ChannelAt(cut.Url).HealthAsync() == ServingStatus.NotServing);
        run.Say($"{cut.Name} says NOT_SERVING after {since.Elapsed.TotalSeconds:0.0} s");
        var before = run.Work.History.Count;
        var asked = 0;
        while (since.Elapsed < time)
        {
            // It must never say that there is nothing to disclose: it cannot know.
            var problem = await Record.ExceptionAsync(() => watcher.At(cut).Checks.CheckAsync(Requests.Check("nobody@example.org"), CancellationToken.None));
            Assert.True(problem is null or GridException { Error.Status: "UNAVAILABLE" or "DEADLINE_EXCEEDED" }, problem?.ToString());
            asked++;
            foreach (var other in cluster.Silos.Where(silo => silo != cut))
            {
                Assert.Equal(ServingStatus.Serving, await watcher.ChannelAt(other.Url).HealthAsync());
            }
        }

        run.Say($"{run.Work.History.Count - before} operations answered meanwhile; {cut.Name} was asked {asked} times");
        Assert.True(run.Work.History.Count - before > 100);
        await network.CutFromStoreAsync(place, cut: false);
        run.Say($"{cut.Name} reaches the database again");
        await Waiting.UntilAsync($"{cut.Name} is ready again", TimeSpan.FromSeconds(60), async () =>
        {
            if (!cut.IsRunning)
            {
                cut.Launch();
            }

            return await cut.IsReadyAsync();
        });
        run.Say($"{cut.Name} is ready again");
        await run.MoreAsync(300);
        await run.AssertHoldsAsync();
    }
}
