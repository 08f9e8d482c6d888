using Deconfliction.Dashboard.Nodes;
using Deconfliction.Silo.Panels;
using Deconfliction.Silo.Tests.Hosting;
using Deconfliction.Silo.Tests.Identity;
using Deconfliction.Silo.Tests.Sql;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Deconfliction.Silo.Tests.Panels;

/// <summary>How silos came and went, as silos that join one another tell it: each of them has joined, and has joined once.</summary>
public sealed class MembershipRecordTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(1);
    private static readonly Dictionary<SiloAddress, DateTimeOffset> s_nothing = [];
    private readonly ClusterFolder _cluster = new();
    private readonly OrleansDatabase _database = new();
    private SiloUnderTest _one = null!;
    private DateTimeOffset _before;

    public async Task InitializeAsync()
    {
        await _database.InitializeAsync();
        _cluster.Init("--silo-name", "one");
        _cluster.Issue("two");
        _before = DateTimeOffset.UtcNow;
        _one = await StartAsync("one");
    }

    [Fact]
    public async Task Changes_OfTheFirstSilo_HasItsOwnJoiningOnce()
    {
        var record = RecordOf(_one);
        await Waiting.UntilAsync("it has joined", s_limit, () => record.JoinedAt is not null);
        await record.RefreshAsync();

        var changes = record.Changes(s_nothing);
        Assert.Equal([("one", MembershipStep.Joined), ("one", MembershipStep.Started)], changes.Select(static one => (one.Node, one.Step)));
        Assert.InRange(changes[0].At, _before, DateTimeOffset.UtcNow);
    }

    [Fact]
    public async Task Changes_OfTwoSilosThatTellOfThemselves_AreTheSameAtBoth()
    {
        await using var two = await StartAsync("two");
        var (first, second) = (RecordOf(_one), RecordOf(two));
        await Waiting.UntilAsync("both have joined", s_limit, () => first.JoinedAt is not null && second.JoinedAt is not null && Joined(first, s_nothing).Count == 2);

        // What was there before a silo it cannot have seen.
        Assert.Equal(["two"], Joined(second, s_nothing).Select(static one => one.Node));

        var told = new Dictionary<SiloAddress, DateTimeOffset> { [AddressOf(_one)] = first.JoinedAt!.Value, [AddressOf(two)] = second.JoinedAt!.Value };
        List<MembershipChange> all = [new(second.JoinedAt.Value, "two", MembershipStep.Joined), new(first.JoinedAt.Value, "one", MembershipStep.Joined)];
        Assert.Equal(all, Joined(first, told));
        Assert.Equal(all, Joined(second, told));
    }

    public async Task DisposeAsync()
    {
        await _one.DisposeAsync();
        await _database.DisposeAsync();
        _cluster.Dispose();
    }

    private static MembershipRecord RecordOf(SiloUnderTest silo) => silo.Services.GetRequiredService<MembershipRecord>();

    private static SiloAddress AddressOf(SiloUnderTest silo) => silo.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;

    private static List<MembershipChange> Joined(MembershipRecord record, Dictionary<SiloAddress, DateTimeOffset> told) =>
        [.. record.Changes(told).Where(static change => change.Step == MembershipStep.Joined)];

    private Task<SiloUnderTest> StartAsync(string name) => SiloUnderTest.StartAsync(_cluster, _database.ConnectionString, NodeProcess.FreePort(), name);
}
