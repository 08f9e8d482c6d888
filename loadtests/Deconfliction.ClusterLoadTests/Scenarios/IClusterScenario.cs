using Deconfliction.ClusterLoadTests.Setup;

namespace Deconfliction.ClusterLoadTests.Scenarios;

/// <summary>One kind of load, and the figures that it gives.</summary>
internal interface IClusterScenario
{
    /// <summary>Its name for <c>--only</c>.</summary>
    string Name { get; }

    /// <summary>Runs it and puts its figures into the report.</summary>
    Task RunAsync(ClusterBench bench, CancellationToken cancellationToken);
}
