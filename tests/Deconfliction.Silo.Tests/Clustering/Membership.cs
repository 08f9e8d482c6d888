using System.Collections.Immutable;
using Orleans.Runtime;

namespace Deconfliction.Silo.Tests.Clustering;

/// <summary>Which silo this is.</summary>
internal sealed class Here(SiloAddress silo) : ILocalSiloDetails
{
    public string Name => "here";

    public string ClusterId => "test";

    public string DnsHostName => "localhost";

    public SiloAddress SiloAddress => silo;

    public SiloAddress GatewayAddress => silo;
}

/// <summary>A membership that a test changes by hand.</summary>
internal sealed class Membership(params SiloAddress[] active) : IClusterMembershipService
{
    public ClusterMembershipSnapshot CurrentSnapshot { get; private set; } = View(1, active);

    public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new NotSupportedException("The directory only looks.");

    public void Change(params SiloAddress[] silos) => CurrentSnapshot = View(CurrentSnapshot.Version.Value + 1, silos);

    public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default) => ValueTask.CompletedTask;

    public Task<bool> TryKill(SiloAddress siloAddress) => Task.FromResult(false);

    private static ClusterMembershipSnapshot View(long version, SiloAddress[] silos) => new(
        silos.ToImmutableDictionary(static silo => silo, static silo => new ClusterMember(silo, SiloStatus.Active, silo.ToString())),
        new MembershipVersion(version));
}
