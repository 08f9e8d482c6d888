using Deconfliction.Domain.Agencies;

namespace Deconfliction.Domain.Claims;

/// <summary>
/// "Agency A works on this identifier, in this case, since/until". Immutable; a change makes a new record with the next
/// <see cref="Revision"/>. The value, the contact and the legal basis are inside <see cref="Sealed"/>: the domain never sees them.
/// </summary>
public sealed record Claim
{
    /// <summary>The claim number: a UUID version 7 (RFC 9562), so that it tells nothing of how many others there are.</summary>
    public required Guid Id { get; init; }

    /// <summary>The owner.</summary>
    public required AgencyId Agency { get; init; }

    /// <summary>The owner's role when it claimed; decides what the owner may learn of others.</summary>
    public required AgencyRole Role { get; init; }

    /// <summary>The owner's opaque case reference, 1 to 128 characters.</summary>
    public required string Case { get; init; }

    /// <summary>The owner's opaque officer reference; auditors alone see it. Empty for referrers that gave none.</summary>
    public string RequestedBy { get; init; } = "";

    /// <summary>How urgent it is.</summary>
    public Priority Priority { get; init; } = Priority.Normal;

    /// <summary>Handling code.</summary>
    public Handling Handling { get; init; }

    /// <summary>What the others see of it.</summary>
    public Disclosure Disclosure { get; init; } = Disclosure.Open;

    /// <summary>When the address was seen; <see langword="null"/> means the whole life of the claim.</summary>
    public Window? Window { get; init; }

    /// <summary>Source port, 1 to 65,535; <see langword="null"/> agrees with every port.</summary>
    public int? Port { get; init; }

    /// <summary>When it was made, by the database's clock.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends by itself; at this instant it is no longer live.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it ended, if it has.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended.</summary>
    public EndReason EndReason { get; init; }

    /// <summary>Counts the changes; 1 when made. The owner's etag (AIP-154).</summary>
    public int Revision { get; init; } = 1;

    /// <summary>Version of the canonicalisation rules that made its tag.</summary>
    public int RuleVersion { get; init; } = 1;

    /// <summary>Joined while the identifier was a hazard or a crowd: its pairs are held back.</summary>
    public bool Held { get; init; }

    /// <summary>Its owner has been told that it expires soon; reset by renewal.</summary>
    public bool ExpiryAnnounced { get; init; }

    /// <summary>Sealed by the gateway: value as submitted, canonical value, contact, legal basis, purpose.</summary>
    public required ReadOnlyMemory<byte> Sealed { get; init; }

    /// <summary>
    /// <see cref="Sealed"/> is not here but in the ledger only: the record comes from a snapshot. No decision needs it; a change of such a
    /// record leaves what the ledger has.
    /// </summary>
    public bool IsSealedApart { get; init; }

    /// <summary>Whether it still counts at <paramref name="now"/>: not ended, and not past its expiry.</summary>
    public bool IsLive(DateTimeOffset now) => EndReason == EndReason.None && now < ExpiresAt;

    /// <summary>
    /// Whether two claims on one identifier meet: windows meet (none means always) and ports agree where both name one.
    /// Symmetric. Whose they are is not asked here.
    /// </summary>
    public bool Meets(Claim other) =>
        (Window is not { } mine || other.Window is not { } theirs || mine.Meets(theirs))
        && (Port is not { } myPort || other.Port is not { } theirPort || myPort == theirPort);

    /// <summary>What makes a live claim unique on its identifier (rule 3).</summary>
    public ClaimKey Key => new(Agency, Case, Window, Port);
}

/// <summary>What makes a live claim unique on its identifier (DESIGN.md, rule 3).</summary>
/// <param name="Agency">Owner.</param>
/// <param name="Case">Its case.</param>
/// <param name="Window">When the address was seen.</param>
/// <param name="Port">Source port.</param>
public readonly record struct ClaimKey(AgencyId Agency, string Case, Window? Window, int? Port);
