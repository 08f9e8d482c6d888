using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Deciding;

/// <summary>A fact about one identifier. The ledger stores facts; applying them in order gives the state again.</summary>
public abstract record IdentifierEvent
{
    private IdentifierEvent()
    {
    }

    /// <summary>A claim was made.</summary>
    public sealed record ClaimMade(Claim Claim) : IdentifierEvent;

    /// <summary>
    /// A live claim changed (update, renewal, notice given, hold lifted): the whole new record. Never its id, owner, case, window,
    /// port or creation.
    /// </summary>
    public sealed record ClaimChanged(Claim Claim) : IdentifierEvent;

    /// <summary>A claim ended: the whole record, with its end.</summary>
    public sealed record ClaimEnded(Claim Claim) : IdentifierEvent;

    /// <summary>Two claims met.</summary>
    public sealed record OverlapFound(Overlap Overlap) : IdentifierEvent;

    /// <summary>An overlap's sides or outcome changed: the whole new record.</summary>
    public sealed record OverlapChanged(Overlap Overlap) : IdentifierEvent;

    /// <summary>The identifier became a hazard (reason code) or is one no more (<see langword="null"/>).</summary>
    public sealed record HazardChanged(string? Reason) : IdentifierEvent;

    /// <summary>A crowd formed or dissolved.</summary>
    public sealed record CrowdChanged(bool IsCrowd) : IdentifierEvent;

    /// <summary>
    /// An agency is to be told. The only event that may go with an answer that changes nothing else (a check), and it does not
    /// raise the version by itself.
    /// </summary>
    public sealed record AlertRaised(Alert Alert) : IdentifierEvent;
}
