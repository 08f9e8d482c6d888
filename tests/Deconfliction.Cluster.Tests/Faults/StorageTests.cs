using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Testing;
using Npgsql;
using Xunit.Abstractions;

namespace Deconfliction.Cluster.Tests.Faults;

/// <summary>What Orleans' storage holds is derivable: taking it away costs time and nothing else.</summary>
public sealed class StorageTests(ITestOutputHelper output)
{
    private const int Seed = 2101;

    [Fact]
    public async Task StorageEmptied_AgainAndAgainUnderLoad_NothingIsLost()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(3, await PostgresServer.CommonAsync());
        await using var run = await FaultRun.BeginAsync(cluster, output, Seed);
        await using var source = NpgsqlDataSource.Create(cluster.Connection + ";Pooling=false");
        for (var round = 0; round < 5; round++)
        {
            await run.MoreAsync(200);
            await using var empty = source.CreateCommand("TRUNCATE orleansstorage");
            await empty.ExecuteNonQueryAsync();
            run.Say("Orleans' storage emptied");
        }

        // Everything has to be activated anew, from the ledger alone.
        await cluster.Silos[0].KillAsync();
        await run.MoreAsync(300);
        await cluster.RestartEndedAsync();
        await run.MoreAsync(200);
        await run.AssertHoldsAsync();
    }
}
