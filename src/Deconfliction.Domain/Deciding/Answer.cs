using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Deciding;

/// <summary>Whether what was asked for was done.</summary>
public enum AnswerStatus
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>A repeat: the claim was there already (rule 3).</summary>
    Duplicate = 1,

    /// <summary>There is no such object for the asker: not its own, not visible to it, or not there at all.</summary>
    NotFound = 2,

    /// <summary>The etag is of an older revision (AIP-154).</summary>
    Outdated = 3,

    /// <summary>The claim has ended; it is claimed anew, not renewed or changed (rule 4).</summary>
    Ended = 4,

    /// <summary>The identifier is not a crowd, so there is no crowd to ask.</summary>
    NotACrowd = 5,

    /// <summary>The overlap is resolved already, with another outcome.</summary>
    AlreadyResolved = 6,

    /// <summary>The other side is a referrer that the asker sees: it is told nothing of others, so it cannot be asked through the grid.</summary>
    CannotBeAsked = 7,
}

/// <summary>The other side of an overlap as one agency may see it.</summary>
/// <param name="OverlapId">Its reference; empty in the hit of a check, which makes no overlap.</param>
/// <param name="OwnClaimId">The viewer's claim; empty in the hit of a check.</param>
/// <param name="Visibility">How much of <paramref name="Other"/> may be shown. Never <see cref="Visibility.None"/>.</param>
/// <param name="Other">The other side's claim. What may be taken from it is what <paramref name="Visibility"/> says, no more.</param>
/// <param name="WindowAssumed">One side named no window.</param>
public sealed record Pointer(Guid OverlapId, Guid OwnClaimId, Visibility Visibility, Claim Other, bool WindowAssumed)
{
    /// <summary>The overlap as it stands, where it was read; one that this decision has just made is new, and a hit has none.</summary>
    public Overlap? Overlap { get; init; }
}

/// <summary>Who was shown what by a decision: goes into the audit record.</summary>
/// <param name="To">Who was shown it.</param>
/// <param name="Of">Whose claim, or check, it was.</param>
/// <param name="ClaimId">Which claim; empty where an owner is shown who checked.</param>
/// <param name="OverlapId">By which overlap; empty for a check and for a crowd's contact.</param>
/// <param name="Visibility">How much.</param>
public readonly record struct Disclosed(AgencyId To, AgencyId Of, Guid ClaimId, Guid OverlapId, Visibility Visibility);

/// <summary>What the asker is told.</summary>
public sealed record Answer
{
    /// <summary>Whether it was done.</summary>
    public required AnswerStatus Status { get; init; }

    /// <summary>The asker's claim after the decision, where one is concerned.</summary>
    public Claim? Claim { get; init; }

    /// <summary>The first pointers, up to the policy's limit, oldest overlap first.</summary>
    public IReadOnlyList<Pointer> Pointers { get; init; } = [];

    /// <summary>How many pointers there are in all, shown or not.</summary>
    public int PointerCount { get; init; }

    /// <summary>
    /// The pointers are to be read from the ledger (a duplicate's: the state holds no overlaps), as the asker may see them now.
    /// </summary>
    public bool PointersFromLedger { get; init; }

    /// <summary>The asker's other live claims on the identifier, oldest first, at most 100.</summary>
    public IReadOnlyList<Claim> OwnClaims { get; init; } = [];

    /// <summary>The overlap after the decision, where one is concerned.</summary>
    public OverlapView? Overlap { get; init; }

    /// <summary>Why overlaps are held back, for those entitled to know.</summary>
    public string? Hazard { get; init; }

    /// <summary>How many claim it, as a band such as <c>26-50</c>, for those entitled to know; only where it is a crowd.</summary>
    public string? CrowdBand { get; init; }
}

/// <summary>What follows from a command: facts to commit, and what to say once they are committed.</summary>
/// <param name="Answer">What the asker is told after the commit.</param>
/// <param name="Events">What is committed, in order. Few, and gone through often: by index, which allocates no enumerator.</param>
/// <param name="Disclosures">Who is shown what.</param>
public sealed record Decision(Answer Answer, IReadOnlyList<IdentifierEvent> Events, IReadOnlyList<Disclosed> Disclosures)
{
    /// <summary>Whether it is a change of state, which commits only as version + 1; alerts alone are none.</summary>
    public bool ChangesState { get; } = Events.Any(static fact => fact is not IdentifierEvent.AlertRaised);
}
