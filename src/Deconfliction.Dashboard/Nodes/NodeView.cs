using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Dashboard.Nodes;

/// <summary>What a node says of itself. A solo server is one node; of a cluster there is one view for each silo.</summary>
public sealed record NodeView
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it takes work.</summary>
    public required NodeState State { get; init; }

    /// <summary>Why it does not, in words; empty where it does.</summary>
    public string Problem { get; init; } = "";

    /// <summary>Version of the program.</summary>
    public required string Version { get; init; }

    /// <summary>Since when it runs.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was last heard of.</summary>
    public required DateTimeOffset LastHeartbeat { get; init; }

    /// <summary>How many others suspect that it is dead.</summary>
    public int Suspicions { get; init; }

    /// <summary>What lives in its memory, by kind; nothing where the node has only identifiers.</summary>
    public IReadOnlyList<ActivationCount> Activations { get; init; } = [];

    /// <summary>The last quarter of an hour, oldest first.</summary>
    public IReadOnlyList<Sample> Fine { get; init; } = [];

    /// <summary>The last day, oldest first.</summary>
    public IReadOnlyList<Sample> Coarse { get; init; } = [];

    /// <summary>Refusals since it started.</summary>
    public IReadOnlyList<ProblemCount> Problems { get; init; } = [];

    /// <summary>What agencies did at it since it started.</summary>
    public IReadOnlyList<AgencyActivity> Agencies { get; init; } = [];

    /// <summary>The identifiers asked for most.</summary>
    public IReadOnlyList<BusyIdentifier> Identifiers { get; init; } = [];

    /// <summary>The overlaps found last, without those that have a SILENT side; newest first.</summary>
    public IReadOnlyList<RecentOverlap> Overlaps { get; init; } = [];
}

/// <summary>Whether a node takes work.</summary>
public enum NodeState
{
    /// <summary>It does.</summary>
    Active = 0,

    /// <summary>It cannot now.</summary>
    NotReady = 1,

    /// <summary>It finishes what is under way, and stops.</summary>
    Draining = 2,

    /// <summary>It is gone without a word; the others declared it dead.</summary>
    Dead = 3,

    /// <summary>It does not answer this node, and nobody has declared it dead.</summary>
    Silent = 4,

    /// <summary>It is gone as it was told to.</summary>
    Left = 5,

    /// <summary>It is there and answers, but in a way that this node's version cannot read: nothing is known of its figures.</summary>
    OtherVersion = 6,
}

/// <summary>How many of a kind live on a node.</summary>
/// <param name="Kind"><c>identifier</c>, <c>agency</c> or <c>sweep</c>.</param>
/// <param name="Count">How many.</param>
public sealed record ActivationCount(string Kind, long Count);

/// <summary>A step in the life of the grid's nodes.</summary>
/// <param name="At">When, as well as it is known here.</param>
/// <param name="Node">Which.</param>
/// <param name="Step">What.</param>
/// <param name="By">Which node did it; empty where it did so itself.</param>
public sealed record MembershipChange(DateTimeOffset At, string Node, MembershipStep Step, string By = "");

/// <summary>What happened to a node.</summary>
public enum MembershipStep
{
    /// <summary>Its process began.</summary>
    Started = 0,

    /// <summary>It takes work.</summary>
    Joined = 1,

    /// <summary>Another node could not reach it, and voted that it is dead.</summary>
    Suspected = 2,

    /// <summary>It began to leave.</summary>
    Draining = 3,

    /// <summary>It left as it was told to.</summary>
    Left = 4,

    /// <summary>The others declared it dead.</summary>
    DeclaredDead = 5,
}

/// <summary>Refusals for one reason.</summary>
public sealed record ProblemCount(string Status, string Reason, long Count, DateTimeOffset LastAt);

/// <summary>What one agency did at a node since it started.</summary>
public sealed record AgencyActivity(
    string Agency, long Calls, long Claims, long Checks, long Hits, long OpenStreams, DateTimeOffset? LastSeen, double BudgetUsed);

/// <summary>An identifier that is asked for often, as its own node knows it.</summary>
public sealed record HotTag(Tag Tag, string Kind, string? Hazard, long Count);

/// <summary>An identifier that is asked for often, under its pseudonym of the day: all that leaves its node.</summary>
public sealed record BusyIdentifier(string Pseudonym, string Kind, string? Hazard, long Count);

/// <summary>An overlap without its sides.</summary>
public sealed record RecentOverlap(Guid Id, DateTimeOffset FoundAt, string? Kind, string Strength, TimeSpan TimeToFlag);

/// <summary>
/// The nodes of the grid as any one of them sees them: a solo server has one, itself; a node of a cluster asks the others. The pages
/// merge them, histogram by histogram.
/// </summary>
public interface INodeViews
{
    /// <summary>All nodes. One that does not answer is in the list as what the others say of it, and holds nobody up.</summary>
    Task<IReadOnlyList<NodeView>> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Completes when there is something new to see.</summary>
    Task NextAsync(CancellationToken cancellationToken);

    /// <summary>How nodes came and went, newest first.</summary>
    IReadOnlyList<MembershipChange> Changes { get; }
}

/// <summary>What may be done to a node.</summary>
public interface INodeControl
{
    /// <summary>Tells a node to take no more work, finish what is under way, and stop.</summary>
    /// <returns>What became of it.</returns>
    Task<DrainResult> DrainAsync(string node, CancellationToken cancellationToken);
}

/// <summary>What became of a drain.</summary>
public enum DrainResult
{
    /// <summary>There is no such node.</summary>
    Unknown = 0,

    /// <summary>It was told.</summary>
    Told = 1,

    /// <summary>It did not answer.</summary>
    NotReached = 2,
}

/// <summary>What a node knows beside its meters: the host of the dashboard says it.</summary>
public interface ILocalNode
{
    /// <summary>Its name.</summary>
    string Name { get; }

    /// <summary>Version of the program.</summary>
    string Version { get; }

    /// <summary>Why it takes no work; empty where it does.</summary>
    string Problem { get; }

    /// <summary>Whether it is about to stop.</summary>
    bool IsDraining { get; }

    /// <summary>Refusals.</summary>
    IReadOnlyList<ProblemCount> Problems();

    /// <summary>What agencies did.</summary>
    IReadOnlyList<AgencyActivity> Agencies();

    /// <summary>The identifiers asked for most.</summary>
    IReadOnlyList<HotTag> Identifiers();

    /// <summary>The overlaps found last.</summary>
    IReadOnlyList<RecentOverlap> Overlaps();
}
