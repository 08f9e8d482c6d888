using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;

namespace Deconfliction.Ledger.Feeds;

/// <summary>The ends of a feed.</summary>
/// <param name="Head">Position of the newest numbered alert; 0 before the first.</param>
/// <param name="Acknowledged">Position up to which the agency has acknowledged.</param>
/// <param name="OldestKept">Oldest position that can still be read; <see cref="Head"/> + 1 where none is kept.</param>
/// <param name="OldestUnacknowledgedAt">When the oldest unacknowledged alert was raised.</param>
public readonly record struct FeedBounds(long Head, long Acknowledged, long OldestKept, DateTimeOffset? OldestUnacknowledgedAt);

/// <summary>An alert at its position, with the records that it names, as they are now.</summary>
/// <param name="Position">Its position: 1, 2, 3 … without gaps.</param>
/// <param name="Alert">The alert.</param>
/// <param name="OwnClaim">The receiver's claim, if it names one and it is still kept.</param>
/// <param name="Overlap">The overlap, if it names one and it is still kept.</param>
/// <param name="FromClaim">The claim whose contact is given, if it names one and it is still kept.</param>
public sealed record FeedEntry(long Position, Alert Alert, Claim? OwnClaim, OverlapView? Overlap, Claim? FromClaim);

/// <summary>A page of an agency's alerts: those after a position, or those that have none yet.</summary>
/// <param name="Agency">The agency.</param>
/// <param name="After">The position; of no meaning for those that have none.</param>
/// <param name="Limit">How many at most.</param>
internal readonly record struct FeedQuery(AgencyId Agency, long After, int Limit);
