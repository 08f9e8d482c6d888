using System.Net;
using Orleans.Runtime;

namespace Deconfliction.Silo.Tests.Sql;

/// <summary>Orleans' membership table on the project's script.</summary>
public sealed class MembershipQueryTests : IClassFixture<OrleansDatabase>
{
    private static readonly DateTime Now = new(2026, 11, 25, 12, 0, 0, DateTimeKind.Utc);
    private static int _generation;
    private readonly OrleansDatabase _database;
    private readonly string _cluster = Guid.NewGuid().ToString();

    public MembershipQueryTests(OrleansDatabase database) => _database = database;

    [Fact]
    public async Task Initialize_ByTwoSilos_MakesOneVersion()
    {
        using var first = await OrleansProviders.StartAsync(_database.ConnectionString, _cluster);
        using var second = await OrleansProviders.StartAsync(_database.ConnectionString, _cluster);
        Assert.Equal(0, (await second.Membership.ReadAllAsync(CancellationToken.None)).Version.Version);
        Assert.Empty((await second.Membership.ReadAllAsync(CancellationToken.None)).Members);
    }

    [Fact]
    public async Task InsertRow_AtTheVersion_IsReadBackWithTheNext()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _cluster);
        var entry = Entry();
        Assert.True(await InsertAsync(silo, entry));
        var read = await silo.Membership.ReadRowAsync(entry.SiloAddress, CancellationToken.None);
        Assert.Equal(1, read.Version.Version);
        var kept = Assert.Single(read.Members).Item1;
        Assert.Equal(
            (entry.SiloAddress, entry.SiloName, entry.HostName, entry.Status, entry.ProxyPort, entry.StartTime, entry.IAmAliveTime),
            (kept.SiloAddress, kept.SiloName, kept.HostName, kept.Status, kept.ProxyPort, kept.StartTime, kept.IAmAliveTime));
        Assert.Equal(DateTimeKind.Utc, kept.IAmAliveTime.Kind);
    }

    [Fact]
    public async Task ReadRow_OfAnUnknownSilo_HasTheVersionOnly()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _cluster);
        await InsertAsync(silo, Entry());
        var read = await silo.Membership.ReadRowAsync(Entry().SiloAddress, CancellationToken.None);
        Assert.Empty(read.Members);
        Assert.Equal(1, read.Version.Version);
    }

    [Fact]
    public async Task InsertRow_AtAnOldVersionOrOfAKnownSilo_IsRefusedWhole()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _cluster);
        var empty = (await silo.Membership.ReadAllAsync(CancellationToken.None)).Version;
        var entry = Entry();
        Assert.True(await silo.Membership.InsertRowAsync(entry, empty.Next(), CancellationToken.None));
        Assert.False(await silo.Membership.InsertRowAsync(Entry(), empty.Next(), CancellationToken.None));
        Assert.False(await InsertAsync(silo, entry));
        var read = await silo.Membership.ReadAllAsync(CancellationToken.None);
        Assert.Equal(1, read.Version.Version);
        Assert.Equal(entry.SiloAddress, Assert.Single(read.Members).Item1.SiloAddress);
    }

    [Fact]
    public async Task InsertRow_ByManyAtOneVersion_ExactlyOneWins()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _cluster);
        for (var round = 1; round <= 20; round++)
        {
            var version = (await silo.Membership.ReadAllAsync(CancellationToken.None)).Version.Next();
            var won = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => silo.Membership.InsertRowAsync(Entry(), version, CancellationToken.None))));
            Assert.Single(won, one => one);
            var read = await silo.Membership.ReadAllAsync(CancellationToken.None);
            Assert.Equal((round, round), (read.Version.Version, read.Members.Count));
        }
    }

    [Fact]
    public async Task UpdateRow_AtTheVersion_ChangesStatusSuspicionsAndSignOfLife()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _cluster);
        var (entry, other) = (Entry(), Entry());
        await InsertAsync(silo, entry);
        await InsertAsync(silo, other);
        entry.Status = SiloStatus.Dead;
        entry.IAmAliveTime = Now.AddMinutes(1);
        entry.AddSuspector(other.SiloAddress, Now);
        Assert.True(await UpdateAsync(silo, entry));
        var kept = Assert.Single((await silo.Membership.ReadRowAsync(entry.SiloAddress, CancellationToken.None)).Members).Item1;
        Assert.Equal((SiloStatus.Dead, Now.AddMinutes(1)), (kept.Status, kept.IAmAliveTime));
        Assert.Equal((other.SiloAddress, Now), (Assert.Single(kept.SuspectTimes!).Item1, kept.SuspectTimes![0].Item2));
        Assert.Equal(SiloStatus.Active, (await silo.Membership.ReadRowAsync(other.SiloAddress, CancellationToken.None)).Members[0].Item1.Status);
        Assert.Equal(3, (await silo.Membership.ReadAllAsync(CancellationToken.None)).Version.Version);
    }

    [Fact]
    public async Task UpdateRow_AtAnOldVersionOrOfAnUnknownSilo_IsRefusedWhole()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _cluster);
        var empty = (await silo.Membership.ReadAllAsync(CancellationToken.None)).Version;
        var entry = Entry();
        await InsertAsync(silo, entry);
        entry.Status = SiloStatus.Dead;
        Assert.False(await silo.Membership.UpdateRowAsync(entry, empty.VersionEtag, empty.Next(), CancellationToken.None));
        Assert.False(await UpdateAsync(silo, Entry()));
        var read = await silo.Membership.ReadAllAsync(CancellationToken.None);
        Assert.Equal((1, SiloStatus.Active), (read.Version.Version, Assert.Single(read.Members).Item1.Status));
    }

    [Fact]
    public async Task UpdateIAmAlive_WhileOthersUpdate_MovesNoVersionAndLosesNothing()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _cluster);
        var entry = Entry();
        await InsertAsync(silo, entry);
        var alive = Enumerable.Range(1, 50).Select(second => Task.Run(() =>
        {
            var sign = Entry(entry.SiloAddress);
            sign.IAmAliveTime = Now.AddHours(1);
            return silo.Membership.UpdateIAmAliveAsync(sign, CancellationToken.None);
        })).ToList();
        for (var change = 0; change < 20; change++)
        {
            Assert.True(await UpdateAsync(silo, entry));
        }

        await Task.WhenAll(alive);
        var last = Entry(entry.SiloAddress);
        last.IAmAliveTime = Now.AddHours(2);
        await silo.Membership.UpdateIAmAliveAsync(last, CancellationToken.None);
        var read = await silo.Membership.ReadAllAsync(CancellationToken.None);
        Assert.Equal((21, Now.AddHours(2)), (read.Version.Version, Assert.Single(read.Members).Item1.IAmAliveTime));
    }

    [Fact]
    public async Task CleanupDefunctSiloEntries_TakesOldRowsOfDeadSilos_OfThisClusterOnly()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _cluster);
        using var another = await OrleansProviders.StartAsync(_database.ConnectionString, _cluster + "-another");
        foreach (var status in Enum.GetValues<SiloStatus>())
        {
            await InsertAsync(silo, Entry(status: status, at: Now.AddDays(-10)));
            await InsertAsync(silo, Entry(status: status));
        }

        var declaredLate = Entry(at: Now.AddDays(-10));
        await InsertAsync(silo, declaredLate);
        declaredLate.Status = SiloStatus.Dead;
        declaredLate.AddSuspector(Entry().SiloAddress, Now);
        Assert.True(await UpdateAsync(silo, declaredLate));
        var declaredThen = Entry(at: Now.AddDays(-10));
        await InsertAsync(silo, declaredThen);
        declaredThen.Status = SiloStatus.Dead;
        declaredThen.AddSuspector(Entry().SiloAddress, Now.AddDays(-9));
        Assert.True(await UpdateAsync(silo, declaredThen));
        await InsertAsync(another, Entry(status: SiloStatus.Dead, at: Now.AddDays(-10)));
        var before = (await silo.Membership.ReadAllAsync(CancellationToken.None)).Members.Select(member => member.Item1).ToList();
        await silo.Membership.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(Now.AddDays(-7)), CancellationToken.None);
        var left = (await silo.Membership.ReadAllAsync(CancellationToken.None)).Members.Select(member => member.Item1.SiloAddress).ToHashSet();
        Assert.All(before, entry => Assert.Equal(
            entry.Status != SiloStatus.Dead || entry.StartTime == Now || entry.SiloAddress.Equals(declaredLate.SiloAddress), left.Contains(entry.SiloAddress)));
        Assert.Single((await another.Membership.ReadAllAsync(CancellationToken.None)).Members);
    }

    [Fact]
    public async Task DeleteMembershipTableEntries_TakesThisClusterOnly()
    {
        using var silo = await OrleansProviders.StartAsync(_database.ConnectionString, _cluster);
        using var another = await OrleansProviders.StartAsync(_database.ConnectionString, _cluster + "-another");
        await InsertAsync(silo, Entry());
        await InsertAsync(another, Entry());
        await silo.Membership.DeleteMembershipTableEntriesAsync(_cluster, CancellationToken.None);
        Assert.Equal([0L], await _database.ColumnAsync<long>($"SELECT count(*) FROM OrleansMembership WHERE cluster_id = '{_cluster}'"));
        await silo.Membership.InitializeMembershipTableAsync(tryInitTableVersion: true, CancellationToken.None);
        Assert.Equal(0, (await silo.Membership.ReadAllAsync(CancellationToken.None)).Version.Version);
        Assert.Single((await another.Membership.ReadAllAsync(CancellationToken.None)).Members);
    }

    private static async Task<bool> InsertAsync(OrleansProviders silo, MembershipEntry entry) =>
        await silo.Membership.InsertRowAsync(entry, (await silo.Membership.ReadAllAsync(CancellationToken.None)).Version.Next(), CancellationToken.None);

    // The provider takes the version that was read as the row's etag.
    private static async Task<bool> UpdateAsync(OrleansProviders silo, MembershipEntry entry)
    {
        var read = (await silo.Membership.ReadAllAsync(CancellationToken.None)).Version;
        return await silo.Membership.UpdateRowAsync(entry, read.VersionEtag, read.Next(), CancellationToken.None);
    }

    private static MembershipEntry Entry(SiloAddress? address = null, SiloStatus status = SiloStatus.Active, DateTime? at = null) => new()
    {
        SiloAddress = address ?? SiloAddress.New(IPAddress.Loopback, 7411, Interlocked.Increment(ref _generation)),
        SiloName = "silo-1",
        HostName = "host-1",
        Status = status,
        ProxyPort = 0,
        StartTime = at ?? Now,
        IAmAliveTime = at ?? Now,
    };
}
