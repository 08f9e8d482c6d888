using Deconfliction.Domain.Agencies;

namespace Deconfliction.Domain.Overlaps;

/// <summary>How sure it is that the two claims mean the same thing. The numbers are stored.</summary>
public enum Strength
{
    /// <summary>The canonical values are the same.</summary>
    Exact = 1,

    /// <summary>Reserved: the same after folding.</summary>
    Normalised = 2,

    /// <summary>Reserved: a weak key.</summary>
    Weak = 3,
}

/// <summary>What came of an overlap. The numbers are stored.</summary>
public enum Outcome
{
    /// <summary>Not resolved.</summary>
    None = 0,

    /// <summary>The two work on together, or in agreed turns.</summary>
    Coordinated = 1,

    /// <summary>One of the two has stopped.</summary>
    DuplicateStopped = 2,

    /// <summary>They do not get in each other's way.</summary>
    NoConflict = 3,

    /// <summary>Not the same thing after all.</summary>
    FalseMatch = 4,
}

/// <summary>One side of an overlap.</summary>
/// <param name="ClaimId">Its claim.</param>
/// <param name="Agency">The claim's owner.</param>
/// <param name="Raised">Its owner disclosed itself on this overlap: the other side sees it as OPEN.</param>
/// <param name="ContactGiven">Its owner asked for contact, and so showed its agency and contact.</param>
/// <param name="AcknowledgedAt">When its owner acknowledged, if it has.</param>
public readonly record struct OverlapSide(
    Guid ClaimId, AgencyId Agency, bool Raised = false, bool ContactGiven = false, DateTimeOffset? AcknowledgedAt = null);

/// <summary>
/// Two live claims of different agencies met. Stored once a pair, ever. Side A is the claim that was there, side B the one
/// that came; nothing else follows from the order.
/// </summary>
public sealed record Overlap
{
    /// <summary>Its reference, the same for both sides: a UUID version 7.</summary>
    public required Guid Id { get; init; }

    /// <summary>The claim that was there.</summary>
    public required OverlapSide A { get; init; }

    /// <summary>The claim that came.</summary>
    public required OverlapSide B { get; init; }

    /// <summary>How sure it is.</summary>
    public Strength Strength { get; init; } = Strength.Exact;

    /// <summary>One side named no window, so its whole life was taken; shown with the overlap.</summary>
    public bool WindowAssumed { get; init; }

    /// <summary>When it was found, by the database's clock.</summary>
    public required DateTimeOffset FoundAt { get; init; }

    /// <summary>What came of it.</summary>
    public Outcome Outcome { get; init; }

    /// <summary>When it was resolved, if it was.</summary>
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>The side that <paramref name="claimId"/> is on.</summary>
    /// <exception cref="ArgumentException">The claim is on neither side.</exception>
    public OverlapSide SideOf(Guid claimId) =>
        A.ClaimId == claimId ? A
        : B.ClaimId == claimId ? B
        : throw new ArgumentException("The claim is on neither side of this overlap.", nameof(claimId));
}
