using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Deciding;

/// <summary>What is asked of one identifier.</summary>
public abstract record Command
{
    private Command()
    {
    }

    /// <summary>
    /// Make a claim. The draft's id, sealed part and attributes are final; its creation is set by the decision, and so is its
    /// expiry (<paramref name="Lifetime"/> after it, by default the policy's).
    /// </summary>
    /// <param name="Draft">The claim as asked for.</param>
    /// <param name="Lifetime">Its life, up to the policy's maximum.</param>
    /// <param name="Hazard">The hazard reason that the gateway's catalogue has for the identifier now.</param>
    public sealed record MakeClaim(Claim Draft, TimeSpan? Lifetime, string? Hazard) : Command
    {
        /// <summary>What the identifier is, for whoever tells of overlaps; nothing is decided by it. Not known where it is nothing.</summary>
        public IdentifierKind? Kind { get; init; }

        /// <summary>Why, for the audit record; nothing is decided by it. Nothing where none is given.</summary>
        public string? Purpose { get; init; }
    }

    /// <summary>Look up, leaving an alert with each owner that is hit.</summary>
    /// <param name="By">Who checks.</param>
    /// <param name="Role">Its role.</param>
    /// <param name="Case">Its case reference.</param>
    /// <param name="Purpose">Why.</param>
    /// <param name="Window">When the address was seen, if known.</param>
    /// <param name="Port">Source port, if known.</param>
    /// <param name="Hazard">As for a claim.</param>
    public sealed record Check(
        AgencyId By, AgencyRole Role, string Case, string Purpose, Window? Window, int? Port, string? Hazard) : Command;

    /// <summary>Change a live claim of <paramref name="By"/>.</summary>
    /// <param name="By">Who asks.</param>
    /// <param name="ClaimId">Which claim.</param>
    /// <param name="ExpectedRevision">The etag that the change was made on, or <see langword="null"/> for any.</param>
    /// <param name="Priority">New priority, if it changes.</param>
    /// <param name="Handling">New handling code, if it changes.</param>
    /// <param name="Disclosure">New disclosure, if it changes.</param>
    /// <param name="Sealed">New sealed part, if contact or legal basis change.</param>
    /// <param name="Overlaps">
    /// The claim's overlaps in which either side sees more by the change, or all of them; not older than the state. Needed only where
    /// <paramref name="Disclosure"/> is given: the state holds no overlaps. Otherwise empty.
    /// </param>
    public sealed record UpdateClaim(
        AgencyId By,
        Guid ClaimId,
        int? ExpectedRevision,
        Priority? Priority,
        Handling? Handling,
        Disclosure? Disclosure,
        ReadOnlyMemory<byte>? Sealed,
        IReadOnlyList<OverlapView> Overlaps) : Command;

    /// <summary>Give a live claim of <paramref name="By"/> a new life from now on.</summary>
    public sealed record RenewClaim(AgencyId By, Guid ClaimId, TimeSpan? Lifetime) : Command;

    /// <summary>
    /// End a claim of <paramref name="By"/>. Releasing an ended one changes nothing. The state holds live claims only: on
    /// <see cref="AnswerStatus.NotFound"/> the caller looks in the ledger, and answers <see cref="AnswerStatus.Ended"/> where the
    /// asker's own claim is there. The same goes for an update and a renewal.
    /// </summary>
    public sealed record ReleaseClaim(AgencyId By, Guid ClaimId) : Command;

    /// <summary>The sweep: end what is past its expiry, and give notice of what soon will be.</summary>
    public sealed record Sweep : Command;

    /// <summary>The catalogue changed: the hazard reason that now holds, or none.</summary>
    public sealed record SetHazard(string? Hazard) : Command;

    /// <summary>Acknowledge an overlap.</summary>
    public sealed record AcknowledgeOverlap(AgencyId By, OverlapView View) : Command;

    /// <summary>Resolve an overlap.</summary>
    public sealed record ResolveOverlap(AgencyId By, OverlapView View, Outcome Outcome) : Command;

    /// <summary>Show the asker's agency and contact to the other side of an overlap, and ask for contact.</summary>
    public sealed record RequestContact(AgencyId By, OverlapView View) : Command;

    /// <summary>
    /// The same for a crowd: one alert to every other claimant entitled to hits. What was asked before is not remembered here, so
    /// the gateway's budget bounds how often it is asked.
    /// </summary>
    public sealed record RequestCrowdContact(AgencyId By, Guid ClaimId) : Command;

    /// <summary>Raise the own side of one overlap to OPEN.</summary>
    public sealed record Disclose(AgencyId By, OverlapView View) : Command;
}

/// <summary>An overlap with both its claims, live or ended, as one read of the ledger has it.</summary>
/// <param name="Overlap">The overlap.</param>
/// <param name="A">Side A's claim.</param>
/// <param name="B">Side B's claim.</param>
public sealed record OverlapView(Overlap Overlap, Claim A, Claim B)
{
    /// <summary>The claim of an agency that is a side of it, or nothing.</summary>
    public Claim? OwnOf(AgencyId agency) => A.Agency == agency ? A : B.Agency == agency ? B : null;

    /// <summary>The other side's claim.</summary>
    public Claim OtherOf(Claim own) => own.Id == A.Id ? B : A;
}
