using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Grid;

/// <summary>
/// What the gateway asks of the grid. Every answer is given after its commit. Rule 2 has been applied to all that comes back:
/// whatever a <see cref="Pointer"/> allows may be shown, and nothing else.
/// </summary>
/// <remarks>
/// Throws what <see cref="ILedger"/> throws, <see cref="RequestIdReusedException"/>, <see cref="TooManyOverlapsException"/> and <see cref="GridOverloadedException"/>.
/// </remarks>
public interface IGrid
{
    /// <summary>The database's time.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Makes a claim.</summary>
    Task<Answer> MakeClaimAsync(TagKey key, Command.MakeClaim command, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Checks; what it says has been recorded.</summary>
    Task<Answer> CheckAsync(TagKey key, Command.Check command, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Changes an own claim.</summary>
    Task<Answer> UpdateClaimAsync(Guid claimId, ClaimChange change, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Renews an own claim.</summary>
    Task<Answer> RenewClaimAsync(Guid claimId, TimeSpan? lifetime, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Releases an own claim; an ended one is left as it is.</summary>
    Task<Answer> ReleaseClaimAsync(Guid claimId, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Releases all live claims of an own case; answers how many.</summary>
    Task<int> ReleaseCaseAsync(string caseReference, RequestContext request, CancellationToken cancellationToken);

    /// <summary>An own claim, or nothing.</summary>
    Task<OwnedClaim?> GetClaimAsync(Guid claimId, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Own claims, oldest first.</summary>
    Task<IReadOnlyList<OwnedClaim>> ListClaimsAsync(ClaimQuery query, RequestContext request, CancellationToken cancellationToken);

    /// <summary>An overlap that the asker sees, or nothing.</summary>
    Task<VisibleOverlap?> GetOverlapAsync(Guid overlapId, RequestContext request, CancellationToken cancellationToken);

    /// <summary>The overlaps that the asker sees, oldest first: a full page unless it is the last.</summary>
    Task<IReadOnlyList<VisibleOverlap>> ListOverlapsAsync(
        OverlapQuery query, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Acknowledges, resolves, discloses or asks for contact on an overlap.</summary>
    Task<Answer> ActOnOverlapAsync(
        Guid overlapId, OverlapAction action, Outcome outcome, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Asks every other claimant of a crowd for contact.</summary>
    Task<Answer> RequestCrowdContactAsync(Guid claimId, RequestContext request, CancellationToken cancellationToken);

    /// <summary>
    /// An agency's feed after a position, then live, until cancelled: alerts in order, the head once all that was there has been
    /// sent, and the head again after every 15 seconds without an alert.
    /// </summary>
    /// <param name="after">The last position that the agency has; nothing means the last that it acknowledged.</param>
    /// <param name="request">Who reads.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="FeedPositionException">The position is older than what is kept, or newer than the head.</exception>
    IAsyncEnumerable<FeedItem> ReadFeedAsync(long? after, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Moves the acknowledged position forward; answers the feed's bounds after it.</summary>
    /// <exception cref="FeedPositionException">The position is newer than the head.</exception>
    Task<FeedBounds> AcknowledgeAlertsAsync(long upTo, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Audit entries (auditors).</summary>
    Task<IReadOnlyList<AuditEntry>> ListAuditAsync(AuditQuery query, RequestContext request, CancellationToken cancellationToken);

    /// <summary>Verifies the audit chains (auditors).</summary>
    Task<AuditVerification> VerifyAuditAsync(RequestContext request, CancellationToken cancellationToken);

    /// <summary>Tells an identifier's actor what the catalogue says of it now.</summary>
    Task SetHazardAsync(TagKey key, string? hazard, CancellationToken cancellationToken);

    /// <summary>Identifiers by tag order, for re-reading the hazard catalogue.</summary>
    Task<IReadOnlyList<IdentifierSample>> ListIdentifiersAsync(Tag? after, int limit, CancellationToken cancellationToken);
}

/// <summary>A tag and the id of the key that made it.</summary>
public readonly record struct TagKey(Tag Tag, int KeyId);

/// <summary>Who asks, as authenticated.</summary>
/// <param name="Agency">The agency.</param>
/// <param name="Role">Its role.</param>
/// <param name="Certificate">Serial number of its certificate.</param>
public sealed record Caller(AgencyId Agency, AgencyRole Role, string Certificate);

/// <summary>What goes with every question: who, for whom, and by which request id.</summary>
/// <param name="Caller">Who asks.</param>
/// <param name="RequestedBy">The agency's own officer reference, or empty.</param>
/// <param name="RequestId">The request id; nothing for reads.</param>
/// <param name="PayloadHash">Keyed hash of the payload, where there is a request id.</param>
/// <param name="Lane">Which queue.</param>
public sealed record RequestContext(
    Caller Caller, string RequestedBy, Guid? RequestId, ReadOnlyMemory<byte> PayloadHash, Lane Lane = Lane.Interactive);

/// <summary>What of an own claim is to change; what is nothing stays.</summary>
public sealed record ClaimChange(
    int? ExpectedRevision, Priority? Priority, Handling? Handling, Disclosure? Disclosure, ReadOnlyMemory<byte>? Sealed);

/// <summary>What may be done to an overlap.</summary>
public enum OverlapAction
{
    /// <summary>Acknowledge it.</summary>
    Acknowledge,

    /// <summary>Resolve it.</summary>
    Resolve,

    /// <summary>Ask the other side for contact.</summary>
    RequestContact,

    /// <summary>Show the own side as OPEN.</summary>
    Disclose,
}

/// <summary>An overlap as one side sees it.</summary>
/// <param name="Pointer">The other side, as far as it may be shown.</param>
/// <param name="Overlap">The overlap itself.</param>
/// <param name="Own">The viewer's claim.</param>
/// <param name="AcknowledgedByMe">Whether the viewer acknowledged.</param>
/// <param name="AcknowledgedByOther">Whether the other side did.</param>
public sealed record VisibleOverlap(Pointer Pointer, Overlap Overlap, Claim Own, bool AcknowledgedByMe, bool AcknowledgedByOther);

/// <summary>One message of a feed: an alert, or (with no alert) just where the head is.</summary>
/// <param name="Head">The feed's head.</param>
/// <param name="Entry">The alert at its position.</param>
/// <param name="Overlap">Its overlap as the receiver may see it at delivery; nothing where it may not any more.</param>
public sealed record FeedItem(long Head, FeedEntry? Entry, VisibleOverlap? Overlap);

/// <summary>The same request id came with another payload (rule 5).</summary>
public sealed class RequestIdReusedException() : Exception(
    "This request id was used before with another payload. Use a new UUID for a new request, and the same one only to repeat the same.");

/// <summary>A bounded queue is full; nothing was done.</summary>
public sealed class GridOverloadedException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>When it is worth to try again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>A change of disclosure would be told of more overlaps than one change may tell; nothing was changed, and no later try will be.</summary>
public sealed class TooManyOverlapsException(string message) : Exception(message)
{
    /// <summary>How many one change tells of at most: they are read, decided on and committed together.</summary>
    public const int Most = 20_000;
}

/// <summary>What a feed position is given for.</summary>
public enum FeedPositionUse
{
    /// <summary>To read on after it.</summary>
    ReadAfter,

    /// <summary>To acknowledge what is up to it.</summary>
    AcknowledgeUpTo,
}

/// <summary>A feed position that cannot be read from or acknowledged.</summary>
public sealed class FeedPositionException(string message, FeedPositionUse use, long oldestAvailable, long head) : Exception(message)
{
    /// <summary>What it was given for.</summary>
    public FeedPositionUse Use { get; } = use;

    /// <summary>The oldest position that can be read.</summary>
    public long OldestAvailable { get; } = oldestAvailable;

    /// <summary>The newest.</summary>
    public long Head { get; } = head;
}
