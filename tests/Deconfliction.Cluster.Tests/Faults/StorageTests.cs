using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Contract.Setup;
using Deconfliction.Protocol.V1;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Npgsql;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests.Faults;

/// <summary>What Orleans' storage holds is derivable: taking it away costs time and nothing else.</summary>
public sealed class StorageTests(ITestOutputHelper output)
{
    private const int Seed = 2101;
    private const int Rounds = 3;
    private const int MostHits = 100;
    private const int ClaimsARound = 1_500;
    private const string Long = "many@example.org";

    [Fact]
    public async Task StorageEmptied_AgainAndAgainUnderLoad_NothingIsLost()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3, await PostgresServer.CommonAsync());
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed);
        await using var source = NpgsqlDataSource.Create(cluster.Connection + ";Pooling=false");
        var (owner, other) = (await cluster.AddMemberAsync("owner-of-many"), await cluster.AddMemberAsync("other"));
        for (var round = 0; round < Rounds; round++)
        {
            await run.MoreAsync(200);
            // Only an identifier with over a thousand claims has a snapshot, and it gets its next after a thousand more.
            foreach (var part in Enumerable.Range(0, ClaimsARound).Chunk(500))
            {
                var answers = await owner.ChannelAt(owner.Url).ImportAsync([.. part.Select(number => Requests.Claim(Long, $"case-{round}-{number}"))]);
                Assert.All(answers, static answer => Assert.NotNull(answer.Accepted));
            }

            await Waiting.UntilAsync(
                "Orleans' storage holds a snapshot", TimeSpan.FromMinutes(1), async () => await cluster.CountAsync("orleansstorage") > 0);
            await using var empty = source.CreateCommand("TRUNCATE orleansstorage");
            await empty.ExecuteNonQueryAsync();
            run.Say("Orleans' storage emptied");
        }

        // Everything has to be activated anew, from the ledger alone.
        await cluster.Silos[0].KillAsync();
        await run.MoreAsync(300);
        await cluster.RestartEndedAsync();
        await run.MoreAsync(200);
        var check = await Until.AnsweredAsync(cluster, other, client => client.Checks.CheckAsync(Requests.Check(Long), CancellationToken.None));
        Assert.Equal((MostHits, true), (check.Hits.Count, check.HitsTruncated));
        var own = await owner.Client.Claims.ListAsync(new ListClaimsRequest(), CancellationToken.None).CountAsync();
        Assert.Equal(Rounds * ClaimsARound, own);
        await run.AssertHoldsAsync();
    }
}
