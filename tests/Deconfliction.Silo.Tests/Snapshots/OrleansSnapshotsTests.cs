using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Snapshots;
using Deconfliction.Silo.Snapshots;
using Deconfliction.Silo.Tests.Sql;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deconfliction.Silo.Tests.Snapshots;

/// <summary>Snapshots in Orleans' storage, on PostgreSQL: whole or none, whatever is done to the table.</summary>
public sealed class OrleansSnapshotsTests : IClassFixture<OrleansDatabase>
{
    private readonly OrleansDatabase _database;
    private readonly string _service = Guid.NewGuid().ToString();
    private readonly Tag _tag = Keys.Tag(Guid.NewGuid().ToString());

    public OrleansSnapshotsTests(OrleansDatabase database) => _database = database;

    [Fact]
    public async Task Save_OfTenMegabytes_IsReadByAnotherSiloAndStoredAsItsBytes()
    {
        using var one = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        using var other = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        var snapshot = SnapshotBench.Make(_tag, 7, claims: 100_000);
        Assert.InRange(snapshot.Bytes.Length, 5_000_000, 20_000_000);

        await Port(one).SaveAsync(_tag, snapshot, default);

        AssertSame(snapshot, await Port(other).LoadAsync(_tag, default));
        var sizes = await _database.ColumnAsync<int>($"SELECT octet_length(payload) FROM OrleansStorage WHERE service_id = '{_service}'");
        Assert.Equal((snapshot.Bytes.Length + OrleansSnapshots.Length - 1) / OrleansSnapshots.Length, sizes.Count);
        Assert.InRange(sizes.Sum() - snapshot.Bytes.Length, 0, 200 * sizes.Count); // Text would be a third more.
        Assert.Null(await Port(other).LoadAsync(Keys.Tag("another"), default));
    }

    [Fact]
    public async Task Save_OverABiggerOne_LeavesNothingOfIt()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        await Port(silo).SaveAsync(_tag, Big(1), default);
        var small = SnapshotBench.Make(_tag, 2, claims: 3);

        await Port(silo).SaveAsync(_tag, small, default);

        AssertSame(small, await Port(silo).LoadAsync(_tag, default));
        Assert.Single(await RowsAsync());
    }

    [Fact]
    public async Task Save_OfAnOlderVersion_IsDroppedUnlessTheHistoryIsAnother()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        var newer = SnapshotBench.Make(_tag, 9, claims: 3);
        await Port(silo).SaveAsync(_tag, newer, default);

        await Port(silo).SaveAsync(_tag, SnapshotBench.Make(_tag, 8, claims: 3), default);
        AssertSame(newer, await Port(silo).LoadAsync(_tag, default));

        var restored = SnapshotBench.Make(_tag, 8, claims: 4, history: Guid.NewGuid());
        await Port(silo).SaveAsync(_tag, restored, default);
        AssertSame(restored, await Port(silo).LoadAsync(_tag, default));
    }

    [Fact]
    public async Task Save_BySeveralSilosAtOnce_LeavesOneOrNoneAndNeverFails()
    {
        using var one = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        using var other = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        OrleansSnapshots[] ports = [Port(one), Port(other), Port(one), Port(other)];
        for (var round = 0; round < 10; round++)
        {
            StoredSnapshot[] written = [.. ports.Select((_, writer) => Big((10 * round) + writer + 1))];
            await Task.WhenAll(ports.Select((port, writer) => Task.Run(() => port.SaveAsync(_tag, written[writer], default))));

            // None is whole where a slower writer's pieces came between the winner's; who reads takes the ledger then.
            if (await Port(one).LoadAsync(_tag, default) is { } read && Domain.Deciding.Snapshots.Snapshot.TryOpen(read.Bytes, _tag) is not null)
            {
                AssertSame(written.Single(snapshot => snapshot.Version == read.Version), read);
            }
        }

        var last = Big(1_000);
        await Port(one).SaveAsync(_tag, last, default);
        AssertSame(last, await Port(other).LoadAsync(_tag, default));
    }

    [Theory]
    [InlineData("DELETE FROM OrleansStorage WHERE service_id = '{0}'")]
    [InlineData("DELETE FROM OrleansStorage WHERE service_id = '{0}' AND grain_type = 'snapshot-0'")]
    [InlineData("DELETE FROM OrleansStorage WHERE service_id = '{0}' AND grain_type = 'snapshot-1'")]
    [InlineData("UPDATE OrleansStorage SET payload = NULL WHERE service_id = '{0}' AND grain_type = 'snapshot-1'")]
    public async Task Load_WhereRowsAreGone_IsNoneUntilTheNextIsSaved(string damage)
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _service);
        await Port(silo).SaveAsync(_tag, Big(1), default);
        Assert.Equal(2, (await RowsAsync()).Count);

        Assert.NotEqual(0, await _database.ExecuteAsync(damage.Replace("{0}", _service, StringComparison.Ordinal)));

        Assert.Null(await Port(silo).LoadAsync(_tag, default));
        var next = Big(2);
        await Port(silo).SaveAsync(_tag, next, default);
        AssertSame(next, await Port(silo).LoadAsync(_tag, default));
    }

    [Fact]
    public async Task Load_BeforeTheSiloHasJoined_IsNone() =>
        Assert.Null(await new OrleansSnapshots(NullLogger.Instance).LoadAsync(_tag, default));

    // Of two pieces.
    private StoredSnapshot Big(long version)
    {
        var snapshot = SnapshotBench.Make(_tag, version, claims: 3_000, caseLength: 400);
        Assert.InRange(snapshot.Bytes.Length, OrleansSnapshots.Length + 1, 2 * OrleansSnapshots.Length);
        return snapshot;
    }

    private Task<List<string>> RowsAsync() => _database.ColumnAsync<string>($"SELECT grain_type FROM OrleansStorage WHERE service_id = '{_service}'");

    private static OrleansSnapshots Port(OrleansProviders silo)
    {
        var port = new OrleansSnapshots(NullLogger.Instance);
        port.Join(silo.Snapshots);
        return port;
    }

    private static void AssertSame(StoredSnapshot expected, StoredSnapshot? actual)
    {
        Assert.NotNull(actual);
        Assert.Equal((expected.Version, expected.EarliestEnd), (actual.Version, actual.EarliestEnd));
        Assert.True(expected.Bytes.Span.SequenceEqual(actual.Bytes.Span));
    }
}
