using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Insight;

/// <summary>
/// What operators' pages read beside the grid: never on the way of a claim, bounded, and never who met whom. Every ledger that this
/// library opens has it. Throws what <see cref="ILedger"/> throws.
/// </summary>
public interface ILedgerInsight
{
    /// <summary>Migrations, audit chains, and how far back what is kept goes.</summary>
    Task<LedgerShape> ReadShapeAsync(CancellationToken cancellationToken);

    /// <summary>The newest entries of what operators and auditors did (<see cref="Operation"/> 20 to 29), newest first.</summary>
    Task<IReadOnlyList<AuditEntry>> ReadOperationsAsync(int limit, CancellationToken cancellationToken);

    /// <summary>How far each side of overlaps has been told. Overlaps with a SILENT side, and those that are not kept, are left out.</summary>
    Task<IReadOnlyList<OverlapProgress>> ReadProgressAsync(IReadOnlyList<Guid> overlapIds, CancellationToken cancellationToken);

    /// <summary>How many identifiers are hazards, by reason, and which are crowds (at most so many).</summary>
    Task<HazardCensus> ReadHazardsAsync(int crowds, CancellationToken cancellationToken);

    /// <summary>
    /// Identifiers by tag from a tag on, each with its live claims and their overlaps at one instant: to see that the invariants hold.
    /// Identifiers with more live claims than <paramref name="mostClaims"/> are left out.
    /// </summary>
    Task<IReadOnlyList<SampledIdentifier>> SampleAsync(Tag from, int identifiers, int mostClaims, CancellationToken cancellationToken);

    /// <summary>How many audit entries say that a claim was made (I7: exactly one, as long as they are kept).</summary>
    Task<int> CountEntriesOfAsync(Claim claim, Tag tag, CancellationToken cancellationToken);

    /// <summary>Follows the last entries of the newest chains to their sealed heads.</summary>
    Task<AuditVerification> VerifyAuditTailAsync(int entries, CancellationToken cancellationToken);
}

/// <summary>What the store is made of.</summary>
/// <param name="Migrations">Those applied, in order.</param>
/// <param name="Chains">The newest audit chains, newest first.</param>
/// <param name="OldestEnded">When the oldest ended claim that is still kept ended.</param>
/// <param name="OldestAudit">Time of the oldest audit entry.</param>
public sealed record LedgerShape(
    IReadOnlyList<AppliedStep> Migrations, IReadOnlyList<ChainHead> Chains, DateTimeOffset? OldestEnded, DateTimeOffset? OldestAudit);

/// <summary>A migration that was applied.</summary>
public sealed record AppliedStep(int Number, string Name, DateTimeOffset At);

/// <summary>Where an audit chain stands.</summary>
/// <param name="Writer">Its number.</param>
/// <param name="OpenedAt">Since when.</param>
/// <param name="Holder">Who opened it.</param>
/// <param name="Entries">How many entries are kept.</param>
/// <param name="Number">Number of the last one.</param>
/// <param name="Hash">Its hash.</param>
public sealed record ChainHead(long Writer, DateTimeOffset OpenedAt, string Holder, long Entries, long Number, ReadOnlyMemory<byte> Hash);

/// <summary>How far one side of an overlap has been told. Ordered: further is greater.</summary>
public enum SideProgress
{
    /// <summary>It is told nothing: what it may not see, or a referrer.</summary>
    NotTold = 0,

    /// <summary>The alert waits for its place in the feed.</summary>
    Waiting = 1,

    /// <summary>The alert stands in the feed.</summary>
    InFeed = 2,

    /// <summary>The agency acknowledged its feed beyond the alert.</summary>
    Received = 3,

    /// <summary>The agency acknowledged the overlap itself.</summary>
    Acknowledged = 4,
}

/// <summary>How far both sides of an overlap have been told. Which is which is not said: the lesser comes first.</summary>
public sealed record OverlapProgress(Guid Id, SideProgress Lesser, SideProgress Greater, bool IsResolved)
{
    internal static OverlapProgress Of(Guid id, bool isResolved, SideProgress one, SideProgress other) =>
        new(id, one < other ? one : other, one < other ? other : one, isResolved);
}

/// <summary>Identifiers whose overlaps are held back.</summary>
/// <param name="ByReason">Hazards by reason.</param>
/// <param name="CrowdCount">How many crowds.</param>
/// <param name="Crowds">The first of them.</param>
public sealed record HazardCensus(IReadOnlyList<(string Reason, long Count)> ByReason, long CrowdCount, IReadOnlyList<Tag> Crowds);

/// <summary>An identifier with all that must agree.</summary>
public sealed record SampledIdentifier(
    Guid Id, Tag Tag, string? Hazard, bool IsCrowd, IReadOnlyList<Claim> Live, IReadOnlyList<SampledOverlap> Overlaps);

/// <summary>An overlap and the identifier that its row names.</summary>
public sealed record SampledOverlap(Guid IdentifierId, Overlap Overlap);
