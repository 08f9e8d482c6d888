using Npgsql;
using Orleans;
using Orleans.Runtime;

namespace Deconfliction.Silo.Tests.Sql;

/// <summary>Orleans' reminder table on the project's script.</summary>
public sealed class ReminderQueryTests : IClassFixture<OrleansDatabase>
{
    private static readonly DateTime Start = new(2026, 11, 25, 12, 0, 0, DateTimeKind.Utc);
    private readonly OrleansDatabase _database;
    private readonly string _service = Guid.NewGuid().ToString();

    public ReminderQueryTests(OrleansDatabase database) => _database = database;

    [Fact]
    public async Task UpsertRow_NewAndAgain_IsReadBackUnderANewTag()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        var entry = Entry(Grain(1));
        var first = await silo.Reminders.UpsertRow(entry);
        entry.Period = TimeSpan.FromDays(40); // more milliseconds than an integer holds
        var second = await silo.Reminders.UpsertRow(entry);
        var read = await silo.Reminders.ReadRow(entry.GrainId, entry.ReminderName);
        Assert.NotNull(read);
        Assert.Equal((entry.GrainId, entry.ReminderName, Start, TimeSpan.FromDays(40), second), (read.GrainId, read.ReminderName, read.StartAt, read.Period, read.ETag));
        Assert.NotEqual(first, second);
    }

    [Fact]
    public async Task ReadRow_Unknown_IsNothing()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        await silo.Reminders.UpsertRow(Entry(Grain(1)));
        Assert.Null(await silo.Reminders.ReadRow(Grain(1), "another"));
        Assert.Null(await silo.Reminders.ReadRow(Grain(2), "sweep"));
    }

    [Fact]
    public async Task RemoveRow_WithAnOldTag_IsRefused()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        var old = await silo.Reminders.UpsertRow(Entry(Grain(1)));
        var tag = await silo.Reminders.UpsertRow(Entry(Grain(1)));
        Assert.False(await silo.Reminders.RemoveRow(Grain(1), "sweep", old!));
        Assert.NotNull(await silo.Reminders.ReadRow(Grain(1), "sweep"));
        Assert.True(await silo.Reminders.RemoveRow(Grain(1), "sweep", tag!));
        Assert.False(await silo.Reminders.RemoveRow(Grain(1), "sweep", tag!));
    }

    [Fact]
    public async Task ReadRows_OfAGrain_AreItsOwn()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        await silo.Reminders.UpsertRow(Entry(Grain(1), "sweep"));
        await silo.Reminders.UpsertRow(Entry(Grain(1), "purge"));
        await silo.Reminders.UpsertRow(Entry(Grain(2), "sweep"));
        Assert.Equal(["purge", "sweep"], (await silo.Reminders.ReadRows(Grain(1))).Reminders.Select(row => row.ReminderName).Order());
    }

    [Fact]
    public async Task ReadRows_OfEveryRange_AreThoseAfterBeginUpToEnd()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        var grains = Enumerable.Range(0, 64).Select(Grain).ToDictionary(grain => grain.GetUniformHashCode());
        foreach (var grain in grains.Values)
        {
            await silo.Reminders.UpsertRow(Entry(grain));
        }

        // Around each hash, so that both ends are tried; the ring's own ends and its middle, where a signed number changes its sign.
        uint[] edges = [0, 1, int.MaxValue, 1u << 31, uint.MaxValue, .. grains.Keys.Take(6).SelectMany(hash => (uint[])[hash - 1, hash])];
        foreach (var begin in edges)
        {
            foreach (var end in edges)
            {
                var expected = grains.Keys.Where(hash => IsWithin(hash, begin, end)).Order();
                var read = (await silo.Reminders.ReadRows(begin, end)).Reminders.Select(row => row.GrainId.GetUniformHashCode()).Order();
                Assert.True(expected.SequenceEqual(read), $"The range after {begin:X8} up to {end:X8} is wrong.");
            }
        }
    }

    [Fact]
    public async Task TestOnlyClearTable_TakesThisServiceOnly()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        using var another = await OrleansProviders.StartAsync(_database.ConnectionString, _service + "-another");
        await silo.Reminders.UpsertRow(Entry(Grain(1)));
        await another.Reminders.UpsertRow(Entry(Grain(1)));
        await silo.Reminders.TestOnlyClearTable();
        Assert.Empty((await silo.Reminders.ReadRows(0, 0)).Reminders);
        Assert.Single((await another.Reminders.ReadRows(0, 0)).Reminders);
    }

    [Theory]
    [InlineData("ReadRangeRows1Key", 0, 1 << 20)]
    [InlineData("ReadRangeRows2Key", int.MaxValue - (1 << 19), int.MinValue + (1 << 19))]
    public async Task ReadRows_OfARangeAmongMany_UseTheIndex(string key, int begin, int end)
    {
        await _database.ExecuteAsync(
            "INSERT INTO OrleansReminder SELECT 'many', 'grain/' || n, 'sweep', now(), 60000, hashint4(n), 0 "
            + "FROM generate_series(1, 20000) AS n ON CONFLICT DO NOTHING");
        await _database.ExecuteAsync("ANALYZE OrleansReminder");

        // Prepared and under a generic plan: the worst that a pool that prepares can do to it.
        await using var connection = await _database.Source.OpenConnectionAsync();
        await using var generic = new NpgsqlCommand("SET plan_cache_mode = force_generic_plan", connection);
        await generic.ExecuteNonQueryAsync();
        await using var explain = new NpgsqlCommand("EXPLAIN (ANALYZE, BUFFERS) " + await _database.QueryAsync(key), connection)
        {
            Parameters = { new("ServiceId", "many"), new("BeginHash", begin), new("EndHash", end) },
        };
        await using var reader = await explain.ExecuteReaderAsync();
        var plan = new List<string>();
        while (await reader.ReadAsync())
        {
            plan.Add(reader.GetString(0));
        }

        Assert.Contains(plan, line => line.Contains("orleansreminder_by_hash", StringComparison.Ordinal));
        Assert.DoesNotContain(plan, line => line.Contains("Seq Scan", StringComparison.Ordinal));
    }

    // Orleans' ring: after begin, up to and with end, round past its end where begin is not below; all of it where they are equal.
    private static bool IsWithin(uint hash, uint begin, uint end) =>
        begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;

    private static GrainId Grain(int number) => GrainId.Create("sweep", $"part-{number}");

    private static ReminderEntry Entry(GrainId grain, string name = "sweep") =>
        new() { GrainId = grain, ReminderName = name, StartAt = Start, Period = TimeSpan.FromMinutes(1) };
}
