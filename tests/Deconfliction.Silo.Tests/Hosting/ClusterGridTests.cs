using Deconfliction.Silo.Hosting;
using Deconfliction.Silo.Tests.Identity;
using Deconfliction.Silo.Tests.Sql;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Silo.Tests.Hosting;

/// <summary>What a silo's grid does of itself beside what every edition's does.</summary>
public sealed class ClusterGridTests : IAsyncLifetime
{
    private readonly ClusterFolder _cluster = new();
    private readonly OrleansDatabase _database = new();
    private SiloUnderTest _silo = null!;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _cluster.Init("--silo-name", "one");
        _silo = await SiloUnderTest.StartAsync(_cluster, _database.ConnectionString, NodeProcess.FreePort());
    }

    [Fact]
    public async Task Purge_ByASilosUpkeep_TakesItsOldSnapshots()
    {
        await _database.ExecuteAsync(
            "INSERT INTO OrleansStorage (key_text, key_n1, key_n0, grain_type, service_id, version, payload, modified_at) "
            + $"SELECT '+' || days, 0, 0, 'snapshot-0', '{OrleansHost.ServiceId}', 1, '', now() - days * interval '1 day' FROM unnest(ARRAY[1, 100]) days");

        await _silo.Grid.Upkeep.PurgeAsync(CancellationToken.None);

        Assert.Equal(["+1"], await _database.ColumnAsync<string>("SELECT key_text FROM OrleansStorage WHERE grain_type = 'snapshot-0'"));
    }

    public async Task DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _database.DisposeAsync();
        _cluster.Dispose();
    }
}
