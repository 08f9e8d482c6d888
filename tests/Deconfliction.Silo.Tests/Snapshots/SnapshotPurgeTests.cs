using System.Globalization;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid;
using Deconfliction.Grid.Agencies;
using Deconfliction.Grid.Hosting;
using Deconfliction.Grid.Sweeps;
using Deconfliction.Ledger;
using Deconfliction.Silo.Hosting;
using Deconfliction.Silo.Snapshots;
using Deconfliction.Silo.Tests.Sql;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deconfliction.Silo.Tests.Snapshots;

/// <summary>Snapshots go with the ledger's purge, and with them the last trace of an identifier in Orleans' storage; on PostgreSQL.</summary>
public sealed class SnapshotPurgeTests : IClassFixture<OrleansDatabase>
{
    private readonly OrleansDatabase _database;
    private readonly string _service = Guid.NewGuid().ToString();

    public SnapshotPurgeTests(OrleansDatabase database) => _database = database;

    [Fact]
    public async Task Upkeep_Purges_TakesOldSnapshotsWholeAndNothingElse()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        using var another = await OrleansProviders.StartAsync(_database.ConnectionString, _service + "-another");
        var (old, young) = (Keys.Tag("old " + _service), Keys.Tag("young " + _service));
        await Port(silo).SaveAsync(old, SnapshotBench.Make(old, 1, claims: 3_000, caseLength: 400), default);
        await Port(silo).SaveAsync(young, SnapshotBench.Make(young, 1, claims: 3), default);
        await Port(another).SaveAsync(old, SnapshotBench.Make(old, 1, claims: 3), default);
        await silo.Storage.WriteStateAsync("identifier", Silo.Grains.TagKeys.Grain(old), new GrainState<Snapshot>(new Snapshot { Text = "no snapshot of claims" }));
        await AgeAsync(old, days: 91);
        await AgeAsync(young, days: 89);

        await PurgeAsync(new SnapshotPurge(_database.Source, _service));

        Assert.Null(await Port(silo).LoadAsync(old, default));
        Assert.NotNull(await Port(silo).LoadAsync(young, default));
        Assert.NotNull(await Port(another).LoadAsync(old, default));
        Assert.Equal(
            ["identifier", "snapshot-0", "snapshot-0"],
            await _database.ColumnAsync<string>($"SELECT grain_type FROM OrleansStorage WHERE service_id LIKE '{_service}%' ORDER BY grain_type"));
    }

    [Fact]
    public async Task Run_MoreThanOneStepTakes_TakesAll()
    {
        await _database.ExecuteAsync(
            "INSERT INTO OrleansStorage (key_text, key_n1, key_n0, grain_type, service_id, version, payload, modified_at) "
            + $"SELECT '+' || n, 0, 0, 'snapshot-0', '{_service}', 1, '', now() - interval '100 days' FROM generate_series(1, 200) n");
        var purge = new SnapshotPurge(_database.Source, _service);

        Assert.Equal(200, await purge.RunAsync(DateTimeOffset.UtcNow - TimeSpan.FromDays(90), default));
        Assert.Equal(0, await purge.RunAsync(DateTimeOffset.UtcNow - TimeSpan.FromDays(90), default));
    }

    // As a silo that has part 0 does.
    private static async Task PurgeAsync(SnapshotPurge purge)
    {
        var folder = Directory.CreateTempSubdirectory("silo-tests-");
        await using (var ledger = await LedgerFactory.OpenSqliteAsync(
            Path.Combine(folder.FullName, "ledger.db"), new LedgerOptions { AuditKey = new byte[32] }, NullLoggerFactory.Instance, default))
        {
            var (options, time, logging) = (new GridOptions(), TimeProvider.System, NullLoggerFactory.Instance);
            using var meters = new GridMeters();
            var actors = new ClusterActors(options, meters, time, logging);
            using var agencies = new AgencyDirectory(ledger, actors, time, logging);
            await new Upkeep(ledger, actors, agencies, new UuidV7Source(), options, time, logging, () => SweepParts.All, purge.RunAsync).PurgeAsync(default);
        }

        folder.Delete(recursive: true);
    }

    private Task<int> AgeAsync(Tag tag, int days) => _database.ExecuteAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"UPDATE OrleansStorage SET modified_at = now() - interval '{days} days' WHERE service_id = '{_service}' AND key_text = '+{Silo.Grains.TagKeys.Key(tag)}'"));

    private static OrleansSnapshots Port(OrleansProviders silo)
    {
        var port = new OrleansSnapshots(NullLogger.Instance);
        port.Join(silo.Snapshots);
        return port;
    }
}
