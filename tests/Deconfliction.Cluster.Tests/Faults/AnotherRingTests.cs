using Deconfliction.Cluster.Tests.Setup;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Cluster.Tests.Faults;

/// <summary>A silo with another key ring would miss every overlap without an error: it must not even join.</summary>
public sealed class AnotherRingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Silo_WithAnotherRing_RefusesToJoinAndSaysWhy()
    {
        await using var cluster = await ClusterUnderTest.StartAsync(1, await PostgresServer.CommonAsync());
        using var elsewhere = new TemporaryFolder();
        var another = await ClusterFiles.CreateAsync(elsewhere.Path);
        await cluster.Shared.AddAsync("stranger");
        await using var stranger = new SiloProcess("stranger", cluster.Shared, cluster.Connection);

        // Whoever runs has read its ring.
        File.Copy(Path.Combine(another.Keys, "ring.json"), Path.Combine(cluster.Shared.Keys, "ring.json"), overwrite: true);
        var (exitCode, said) = await stranger.RunToEndAsync(Limit);

        Assert.Equal(1, exitCode);
        Assert.Contains("is not the one that this store was made with", said, StringComparison.Ordinal);
        Assert.Equal([cluster.Silos[0].Name], (await cluster.ActiveAsync()).Keys);
        Assert.Equal(1, await cluster.CountAsync("orleansmembership")); // It was never in the table either.
    }
}
