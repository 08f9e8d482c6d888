using System.Diagnostics;
using Deconfliction.Client;
using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests;

/// <summary>An agency's budget stays one budget while silos die and the grain that keeps it moves.</summary>
[Collection(OneAtATime.Name)]
public sealed class BudgetMoveTests(ITestOutputHelper output)
{
    private const int PerMinute = 600;
    private const int Portion = PerMinute / 60;

    [Fact]
    public async Task Budget_OverKilledSilos_IsExceededByAPortionASiloAtMost()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3, await PostgresServer.CommonAsync(), network: null, "--checks-per-minute", $"{PerMinute}");
        // Several agencies, so that wherever their grains live, some lose theirs.
        var agencies = await Members.AddAsync(cluster, 6);
        var since = Stopwatch.StartNew();
        var answered = new int[agencies.Count];
        await SpendAsync(cluster, agencies, answered);
        var killed = cluster.Silos[2];
        await killed.KillAsync();
        output.WriteLine($"{killed.Name} killed after {since.Elapsed.TotalSeconds:0.0} s, with {string.Join(' ', answered)} answered");
        while (since.Elapsed < TimeSpan.FromSeconds(15))
        {
            await SpendAsync(cluster, agencies, answered);
        }

        var most = PerMinute + Math.Ceiling(PerMinute * since.Elapsed.TotalMinutes) + (2 * 3 * Portion);
        output.WriteLine($"{string.Join(' ', answered)} answered in {since.Elapsed.TotalSeconds:0.0} s; {most} at most");
        Assert.All(answered, count => Assert.True(count >= PerMinute * 0.9 && count <= most, $"{count} checks were answered, {most} at most."));
    }

    private static Task SpendAsync(ClusterUnderTest cluster, IReadOnlyList<Member> agencies, int[] answered) => Task.WhenAll(agencies.SelectMany((agency, index) =>
        cluster.Running.Select(async silo =>
        {
            try
            {
                var results = await agency.ChannelAt(silo.Url).ChecksAsync(
                    [.. Enumerable.Range(0, 300).Select(item => Requests.Check($"{agency.Agency}-{item % 50}@example.org"))]);
                Interlocked.Add(ref answered[index], results.Count(static result => result.Answer is not null));
            }
            catch (Rpc.RpcException problem) when (problem.StatusCode is Rpc.StatusCode.Unavailable or Rpc.StatusCode.DeadlineExceeded)
            {
                // Its silo died under it: what it answered is lost to the count, which only lowers it.
            }
        })));
}
