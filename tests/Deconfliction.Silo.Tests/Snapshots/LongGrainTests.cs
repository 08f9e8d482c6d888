using Deconfliction.Domain.Deciding;
using Deconfliction.Silo.Grains;
using Deconfliction.Silo.Tests.Grains;
using Deconfliction.Silo.Tests.Sql;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Silo.Tests.Snapshots;

/// <summary>The grain of a long identifier, its snapshots in Orleans' storage on PostgreSQL: they save time, and decide nothing.</summary>
public sealed class LongGrainTests(OrleansDatabase database) : IClassFixture<OrleansDatabase>
{
    private const int Long = 20;
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Ask_AfterItsSiloWentAndWhileStorageIsEmptied_AnswersWhatTheLedgerHas()
    {
        await using var cluster = await GrainCluster.StartAsync(2, database, Long);
        var (asker, other) = (cluster.Silos[0], cluster.Silos[1]);
        var value = cluster.ValueOn(other);
        var claims = 0;
        for (; claims < 2 * Long; claims++)
        {
            await ClaimAsync(cluster, asker, value, claims);
        }

        await Waiting.UntilAsync("a snapshot is kept", s_limit, async () =>
        {
            await ClaimAsync(cluster, asker, value, claims++);
            return await RowsAsync() > 0;
        });

        // Another activation, on another silo.
        await cluster.StopAsync(other);
        await ClaimAsync(cluster, asker, value, claims++);
        Assert.Equal((1, 0), asker.Snapshots.Loads);

        // Claims and new activations, and no storage for any length of time.
        for (var round = 0; round < 10; round++)
        {
            var emptied = database.ExecuteAsync("TRUNCATE OrleansStorage");
            for (var more = 0; more < 7; more++)
            {
                await ClaimAsync(cluster, asker, value, claims++);
            }

            await emptied;
            await LeaveAsync(asker, value);
        }

        // And surely with none at all: one that was being written may come after the table was emptied.
        var missed = asker.Snapshots.Loads.Missed;
        await Waiting.UntilAsync("an activation found no snapshot", s_limit, async () =>
        {
            await LeaveAsync(asker, value);
            await database.ExecuteAsync("TRUNCATE OrleansStorage");
            await ClaimAsync(cluster, asker, value, claims++);
            return asker.Snapshots.Loads.Missed > missed;
        });
        Assert.Equal(claims, (await cluster.ClaimsOnAsync(value)).Count);
    }

    // Each is by an agency of its own, and so is shown all that were before it, ten of them with their sealed parts.
    private static async Task ClaimAsync(GrainCluster cluster, TestSilo at, string value, int before)
    {
        var answer = await cluster.ClaimAsync(at, $"agency-{before}", value).WaitAsync(s_limit);
        Assert.Equal((AnswerStatus.Done, before), (answer.Status, answer.PointerCount));
        Assert.All(answer.Pointers, pointer => Assert.Equal($"sealed {value}", System.Text.Encoding.UTF8.GetString(pointer.Other.Sealed.Span)));
    }

    private static async Task LeaveAsync(TestSilo silo, string value)
    {
        var grains = silo.Residents;
        await Waiting.UntilAsync("the grain is gone", s_limit, () =>
        {
            grains.Dismiss(Keys.Grain(value), "The test asks.");
            return grains.CountByKind.GetValueOrDefault(IdentifierGrain.Kind) == 0 && silo.Identifiers.Count == 0;
        });
    }

    private async Task<long> RowsAsync() => (await database.ColumnAsync<long>("SELECT count(*) FROM OrleansStorage")).Single();
}
