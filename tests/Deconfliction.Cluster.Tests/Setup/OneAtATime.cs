namespace Deconfliction.Cluster.Tests.Setup;

/// <summary>Tests that measure a time which is required, or count on no silo being slow: after all others, one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class OneAtATime
{
    /// <summary>What such tests name.</summary>
    public const string Name = "one at a time";
}
