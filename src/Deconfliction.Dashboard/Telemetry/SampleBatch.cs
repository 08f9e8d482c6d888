namespace Deconfliction.Dashboard.Telemetry;

/// <summary>How far a node's samples are known: how many there were since it began.</summary>
/// <param name="Fine">Fine ones.</param>
/// <param name="Coarse">Coarse ones.</param>
public readonly record struct SampleMark(long Fine, long Coarse);

/// <summary>Samples that a node hands to another.</summary>
/// <param name="Fine">Fine ones, oldest first.</param>
/// <param name="Coarse">Coarse ones, oldest first.</param>
/// <param name="Until">How far they are known with these.</param>
/// <param name="IsMore">Whether there are more.</param>
public sealed record SampleBatch(IReadOnlyList<Sample> Fine, IReadOnlyList<Sample> Coarse, SampleMark Until, bool IsMore)
{
    /// <summary>No samples.</summary>
    public static SampleBatch None { get; } = new([], [], default, IsMore: false);
}
