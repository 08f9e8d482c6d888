using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Cluster.Tests.Faults;

/// <summary>A silo that the others do not believe comes into no cluster, and says whom it did not reach.</summary>
public sealed class AnotherAuthorityTests
{
    // It tries for two minutes, unless the others find before that they do not reach it.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task Silo_OfAnAuthorityThatTheOthersDoNotTrust_EndsAsAFailedStartAndNamesThem()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(1, await PostgresServer.CommonAsync());
        // Whoever runs has read its authorities.
        await cluster.Shared.ChangeSiloAuthorityAsync();
        await cluster.Shared.AddAsync("stranger");
        await using var stranger = new SiloProcess("stranger", cluster.Shared, cluster.Connection);

        var (exitCode, said) = await stranger.RunToEndAsync(Limit);

        Assert.Equal(1, exitCode);
        var other = cluster.Silos[0];
        Assert.Contains(
            "deconfliction-silo: this silo cannot join its cluster and ends: it and those that are active "
            + $"({other.Name} at 127.0.0.1:{other.SiloPort}) did not all reach each other; its log says why. Let silos reach each other at what --silo says, by "
            + "identities of the same authority. Start it again; it joins as a new silo.",
            said, StringComparison.Ordinal);
        Assert.Equal([other.Name], (await cluster.ActiveAsync()).Keys);
    }
}
