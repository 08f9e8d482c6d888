using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace Deconfliction.Silo.Tests.Sql;

/// <summary>Orleans' grain storage on the project's script: of two writers that saw the same, one wins.</summary>
public sealed class StorageQueryTests : IClassFixture<OrleansDatabase>
{
    private const string Type = "identifier";
    private readonly OrleansDatabase _database;
    private readonly string _service = Guid.NewGuid().ToString();

    public StorageQueryTests(OrleansDatabase database) => _database = database;

    /// <summary>Keys of every shape that the provider knows; those of a pair differ only a little.</summary>
    public static TheoryData<string, string> Pairs => new()
    {
        { new('a', 64), new string('a', 63) + "b" },                                        // text
        { "12", "13" },                                                                     // a number, in hexadecimal
        { "12", "12+x" },                                                                   // with and without an extension
        { "12", "12+" },                                                                    // absent is not empty
        { "12+x", "12+y" },
        { "6f9619ff8b86d011b42d00c04fc964ff", "6f9619ff8b86d011b42d00c04fc964fe" },         // a GUID
        { "6f9619ff8b86d011b42d00c04fc964ff", "6f9619ff8b86d011b42d00c04fc964ff+x" },
    };

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task WriteState_OfGrainsOfEveryKindOfKey_IsReadBackEachItsOwn(string one, string other)
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        foreach (var key in (string[])[one, other])
        {
            var state = Fresh(key);
            await silo.Storage.WriteStateAsync(Type, Grain(key), state);
            state.State = new Snapshot { Text = key + " again" };
            await silo.Storage.WriteStateAsync(Type, Grain(key), state);
        }

        foreach (var key in (string[])[one, other])
        {
            var read = await ReadAsync(silo.Storage, key);
            Assert.Equal((key + " again", "2", true), (read.State!.Text, read.ETag, read.RecordExists));
        }
    }

    [Theory]
    [InlineData("text")]
    [InlineData("12")]
    [InlineData("12+x")]
    [InlineData("6f9619ff8b86d011b42d00c04fc964ff")]
    public async Task WriteState_TwoFirstWritesAtOnce_ExactlyOneWinsAndTheOtherIsToldSo(string key)
    {
        using var first = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        using var second = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        for (var round = 0; round < 25; round++)
        {
            var type = $"{Type}-{round}";
            var writes = await Task.WhenAll(((OrleansProviders[])[first, second, first, second]).Select((silo, writer) => Task.Run(async () =>
            {
                var state = Fresh($"writer {writer}");
                try
                {
                    await silo.Storage.WriteStateAsync(type, Grain(key), state);
                    return state.State!.Text;
                }
                catch (InconsistentStateException)
                {
                    return null;
                }
            })));
            var winner = Assert.Single(writes, text => text is not null);
            var read = Fresh("unread");
            await first.Storage.ReadStateAsync(type, Grain(key), read);
            Assert.Equal((winner, "1"), (read.State!.Text, read.ETag));
            Assert.Equal(
                [1L],
                await _database.ColumnAsync<long>($"SELECT count(*) FROM OrleansStorage WHERE service_id = '{_service}' AND grain_type = '{type}'"));
        }
    }

    [Fact]
    public async Task WriteState_OverAnothersWrite_IsInconsistentAndChangesNothing()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        await silo.Storage.WriteStateAsync(Type, Grain("one"), Fresh("first"));
        var (winner, loser) = (await ReadAsync(silo.Storage, "one"), await ReadAsync(silo.Storage, "one"));
        winner.State = new Snapshot { Text = "second" };
        await silo.Storage.WriteStateAsync(Type, Grain("one"), winner);
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Storage.WriteStateAsync(Type, Grain("one"), loser));
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Storage.WriteStateAsync(Type, Grain("one"), Fresh("unread")));
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Storage.ClearStateAsync(Type, Grain("one"), loser));
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.DeletingStorage.ClearStateAsync(Type, Grain("one"), loser));
        Assert.Equal(("second", "2"), ((await ReadAsync(silo.Storage, "one")).State!.Text, (await ReadAsync(silo.Storage, "one")).ETag));
    }

    [Fact]
    public async Task WriteState_AfterTheTableWasEmptied_IsInconsistentUntilReadAgain()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        var state = Fresh("first");
        await silo.Storage.WriteStateAsync(Type, Grain("one"), state);
        await _database.ExecuteAsync($"DELETE FROM OrleansStorage WHERE service_id = '{_service}'");
        await Assert.ThrowsAsync<InconsistentStateException>(() => silo.Storage.WriteStateAsync(Type, Grain("one"), state));
        var read = await ReadAsync(silo.Storage, "one");
        Assert.False(read.RecordExists);
        await silo.Storage.WriteStateAsync(Type, Grain("one"), read);
    }

    [Fact]
    public async Task ClearState_Keeping_LeavesAVersionThatTheNextWriteGoesOnFrom()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        var state = Fresh("first");
        await silo.Storage.WriteStateAsync(Type, Grain("one"), state);
        await silo.Storage.ClearStateAsync(Type, Grain("one"), state);
        var read = await ReadAsync(silo.Storage, "one");
        Assert.Equal((false, "2"), (read.RecordExists, read.ETag));
        await silo.Storage.WriteStateAsync(Type, Grain("one"), read);
        Assert.Equal("3", read.ETag);
    }

    [Fact]
    public async Task ClearState_Deleting_LeavesNothing()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        var state = Fresh("first");
        await silo.DeletingStorage.WriteStateAsync(Type, Grain("one"), state);
        await silo.DeletingStorage.ClearStateAsync(Type, Grain("one"), state);
        Assert.Equal([0L], await _database.ColumnAsync<long>($"SELECT count(*) FROM OrleansStorage WHERE service_id = '{_service}'"));
        await silo.DeletingStorage.WriteStateAsync(Type, Grain("one"), state);
        Assert.Equal("1", state.ETag);
    }

    [Fact]
    public async Task WriteState_OfTwoServicesAndTypes_AreApart()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        using var another = await OrleansProviders.StartAsync(_database.ConnectionString, _service + "-another");
        await silo.Storage.WriteStateAsync(Type, Grain("one"), Fresh("here"));
        await another.Storage.WriteStateAsync(Type, Grain("one"), Fresh("there"));
        await silo.Storage.WriteStateAsync(Type + "-2", Grain("one"), Fresh("of another type"));
        Assert.Equal("here", (await ReadAsync(silo.Storage, "one")).State!.Text);
        Assert.Equal("there", (await ReadAsync(another.Storage, "one")).State!.Text);
    }

    private static async Task<GrainState<Snapshot>> ReadAsync(IGrainStorage storage, string key)
    {
        var state = Fresh("unread");
        await storage.ReadStateAsync(Type, Grain(key), state);
        return state;
    }

    private static GrainState<Snapshot> Fresh(string text) => new(new Snapshot { Text = text });

    private static GrainId Grain(string key) => GrainId.Create(Type, key);
}
