using System.Diagnostics;
using Deconfliction.Client;
using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Contract.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Xunit.Abstractions;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Deconfliction.Cluster.Tests.Faults;

/// <summary>A cut cable between one silo and the database (FAULTS.md: F9).</summary>
public sealed class StoreCutTests(ITestOutputHelper output)
{
    private const int Seed = 8102;
    private const string Claimed = "claimed@example.org";

    // Against hanging only.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [NetworkFact]
    public async Task F9_OneSiloCutOffFromTheDatabase_SaysNotServingAndTheOthersGoOn()
    {
        var time = FaultTime.Of(output, "F9", 15);
        await using var network = await SiloNetwork.CreateAsync();
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None, network.StoreAddress);
        await using var cluster = await ClusterUnderTest.StartAsync(3, postgres, network);
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed);
        var (cut, place, watcher) = (cluster.Silos[2], network.Places[2], run.Members[0]);

        // As a balancer does: it has been asking each of them for a while.
        foreach (var silo in cluster.Silos)
        {
            Assert.Equal(ServingStatus.Serving, await watcher.ChannelAt(silo.Url).HealthAsync());
        }

        // By an agency that is not judged: its claim is none of the load's.
        var holder = await cluster.AddMemberAsync("holder");
        await holder.At(cluster.Silos[0]).Claims.CreateAsync(Requests.Claim(Claimed, "F9"), CancellationToken.None);
        await network.CutFromStoreAsync(place, cut: true);
        var since = Stopwatch.StartNew();
        run.Say($"{cut.Name} is cut off from the database");
        await Waiting.UntilAsync($"{cut.Name} says NOT_SERVING", Limit, async () =>
            await watcher.ChannelAt(cut.Url).HealthAsync() == ServingStatus.NotServing);
        run.Say($"{cut.Name} says NOT_SERVING after {since.Elapsed.TotalSeconds:0.0} s");
        var before = run.Work.History.Count;
        var asking = AskAsync(watcher, cut, since, time);
        await AssertEverythingAnswersAsync(run, cluster, cut);
        var asked = await asking;
        foreach (var other in cluster.Silos.Where(silo => silo != cut))
        {
            await Waiting.UntilAsync($"{other.Name} serves", Limit, async () => await watcher.ChannelAt(other.Url).HealthAsync() == ServingStatus.Serving);
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

    // It may have ended, or hand on to those that can; never may it say that there is nothing to disclose.
    private static async Task<int> AskAsync(Member watcher, SiloProcess cut, Stopwatch since, TimeSpan time)
    {
        var asked = 0;
        do
        {
            try
            {
                var answer = await watcher.At(cut).Checks.CheckAsync(Requests.Check(Claimed), CancellationToken.None);
                Assert.NotEmpty(answer.Hits);
            }
            catch (GridException problem) when (problem.MayPassElsewhere())
            {
                // As it should be.
            }

            asked++;
        }
        while (since.Elapsed < time);
        return asked;
    }

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
