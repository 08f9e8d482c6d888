using Deconfliction.Testing.Processes;

namespace Deconfliction.Cluster.Tests.Setup;

/// <summary>A test that needs network namespaces, and says why where there can be none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NetworkFactAttribute : FactAttribute
{
    /// <summary>Skips itself where they are not permitted.</summary>
    public NetworkFactAttribute() => Skip = SiloNetwork.Obstacle;
}
