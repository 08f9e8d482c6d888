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
    private static readonly TimeSpan CutFor = TimeSpan.FromSeconds(15);

    // Against hanging only.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // The one that is cut off is declared dead by the other two, who take over what it owned, while it goes on answering those that are
    // connected to it until it reads that it is dead: for seconds there are two of each of its actors.
    [NetworkFact]
    public async Task F8_OneSiloAfterTheOtherCutOffFromTheRest_DuplicateActivationsDoNoHarm()
    {
        var time = FaultTime.Of(40);
        await using var network = await SiloNetwork.CreateAsync();
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None, network.StoreAddress);
        await using var cluster = await ClusterUnderTest.StartAsync(3, postgres, network);
        // Few identifiers: what one silo owns, all are asked for.
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed, identifiers: 24);
        var since = Stopwatch.StartNew();
        for (var round = 0; since.Elapsed < time; round++)
        {
            var (silo, place) = (cluster.Silos[round % 3], network.Places[round % 3]);
            await network.CutOffAsync(place, cut: true);
            run.Say($"{silo.Name} is cut off from the other silos");
            await run.LastAsync(CutFor);
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
        var time = FaultTime.Of(30);
        await using var network = await SiloNetwork.CreateAsync();
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None, network.StoreAddress);
        await using var cluster = await ClusterUnderTest.StartAsync(3, postgres, network);
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed + 2, identifiers: 24);

        await network.CutSilosAsync(cut: true);
        run.Say("the silos are cut off from each other");
        await run.LastAsync(time);
        run.Say($"running: {string.Join(", ", cluster.Running.Select(silo => silo.Name))}");
        await network.CutSilosAsync(cut: false);
        run.Say("the silos are joined again");
        await ReadyAsync(cluster);
        run.Say("all silos are ready");
        await run.MoreAsync(300);
        await run.AssertHoldsAsync();
    }

    [NetworkFact]
    public async Task F9_OneSiloCutOffFromTheDatabase_SaysNotServingAndTheOthersGoOn()
    {
        var time = FaultTime.Of(15);
        await using var network = await SiloNetwork.CreateAsync();
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None, network.StoreAddress);
        await using var cluster = await ClusterUnderTest.StartAsync(3, postgres, network);
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed + 1);
        var (cut, place, watcher) = (cluster.Silos[2], network.Places[2], run.Members[0]);

        // As a balancer does: it has been asking each of them for a while.
        foreach (var silo in cluster.Silos)
        {
            Assert.Equal(ServingStatus.Serving, await watcher.ChannelAt(silo.Url).HealthAsync());
        }

        await network.CutFromStoreAsync(place, cut: true);
        var since = Stopwatch.StartNew();
        run.Say($"{cut.Name} is cut off from the database");
        await Waiting.UntilAsync($"{cut.Name} says NOT_SERVING", Limit, async () =>
            await watcher.ChannelAt(cut.Url).HealthAsync() == ServingStatus.NotServing);
        run.Say($"{cut.Name} says NOT_SERVING after {since.Elapsed.TotalSeconds:0.0} s");
        var before = run.Work.History.Count;
        await AssertEverythingAnswersAsync(run, cluster, cut);
        var asked = 0;
        while (since.Elapsed < time)
        {
            // It must never say that there is nothing to disclose where it cannot know; it may have ended, or hand on to those that can.
            var problem = await Record.ExceptionAsync(() => watcher.At(cut).Checks.CheckAsync(Requests.Check("nobody@example.org"), CancellationToken.None));
            Assert.True(problem is GridException refused && refused.MayPassElsewhere(), problem?.ToString() ?? "It answered a check.");
            asked++;
            foreach (var other in cluster.Silos.Where(silo => silo != cut))
            {
                await Waiting.UntilAsync($"{other.Name} serves", Limit, async () => await watcher.ChannelAt(other.Url).HealthAsync() == ServingStatus.Serving);
            }
        }

        run.Say($"{run.Work.History.Count - before} operations answered meanwhile; {cut.Name} was asked {asked} times{(cut.IsRunning ? "" : ", and has ended")}");
        await network.CutFromStoreAsync(place, cut: false);
        run.Say($"{cut.Name} reaches the database again");
        await Waiting.UntilAsync($"{cut.Name} is ready again", Limit, async () =>
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

    // The others go on, and not only with what is theirs: what the silo that was cut off owned must find another owner.
    private async Task AssertEverythingAnswersAsync(FaultRun run, ClusterUnderTest cluster, SiloProcess cut)
    {
        const int Identifiers = 60;
        var since = Stopwatch.StartNew();
        var others = cluster.Silos.Where(silo => silo != cut).ToList();
        var took = await Task.WhenAll(Enumerable.Range(0, Identifiers).Select(async number =>
        {
            var request = Requests.Check($"anybody-{number}@example.org");
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (true)
            {
                try
                {
                    await run.Members[1].At(others[number % 2]).Checks.CheckAsync(request.Clone(), CancellationToken.None);
                    return since.Elapsed;
                }
                catch (GridException problem) when (problem.MayPassElsewhere() && since.Elapsed < Limit)
                {
                    await pause.WaitForNextTickAsync();
                }
            }
        }));
        output.WriteLine(
            $"asked at the others, {Identifiers} identifiers were answered: median {took.Order().ElementAt(Identifiers / 2).TotalSeconds:0.00} s, slowest {took.Max().TotalSeconds:0.0} s, "
            + $"{took.Count(time => time > TimeSpan.FromSeconds(1))} after more than 1 s");
    }
}
