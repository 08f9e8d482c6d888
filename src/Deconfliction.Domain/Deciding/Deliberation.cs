using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Deciding;

/// <summary>
/// One decision in the making: the state as it was, what has been decided so far, and the facts to commit. Lives for one call.
/// </summary>
internal sealed class Deliberation(IdentifierState state, Policy policy, DateTimeOffset now, IIdSource ids)
{
    private List<IdentifierEvent>? _events;
    private List<Disclosed>? _disclosures;
    private Dictionary<AgencyId, int>? _shifts;

    public ClaimSet Claims => state.Claims;

    public Policy Policy => policy;

    public DateTimeOffset Now => now;

    /// <summary>The hazard reason that holds after what has been decided so far.</summary>
    public string? Hazard { get; set; } = state.Hazard;

    /// <summary>Whether it is a crowd after what has been decided so far.</summary>
    public bool IsCrowd { get; set; } = state.IsCrowd;

    /// <summary>The claim that this decision changes, as it will be.</summary>
    public Claim? Changed { get; private set; }

    /// <summary>The claim that this decision releases.</summary>
    public Guid? Released { get; private set; }

    /// <summary>All held claims have come free in this decision.</summary>
    public bool HoldLifted { get; set; }

    /// <summary>Agencies with a live claim that is not SILENT, after what has been decided so far.</summary>
    public int CountableAgencies
    {
        get
        {
            var count = Claims.CountableAgencies;
            if (_shifts is not null)
            {
                foreach (var (agency, shift) in _shifts)
                {
                    var before = Claims.CountableOf(agency);
                    count += (before + shift > 0 ? 1 : 0) - (before > 0 ? 1 : 0);
                }
            }

            return count;
        }
    }

    /// <summary>Whether a claim of the state still counts.</summary>
    public bool Counts(Claim claim) => claim.IsLive(now) && claim.Id != Released;

    /// <summary>A claim of the state as it is after what has been decided so far.</summary>
    public Claim Current(Claim claim)
    {
        var current = Changed?.Id == claim.Id ? Changed : claim;
        return HoldLifted && current.Held ? current with { Held = false } : current;
    }

    /// <summary>The agency's own claim, live or past its expiry; nothing where it is another's.</summary>
    public Claim? FindOwn(AgencyId by, Guid claimId) => Claims.Find(claimId) is { } claim && claim.Agency == by ? claim : null;

    /// <summary>The claims of others that still count and that a claim of this window and port meets, oldest first.</summary>
    public List<Claim> MeetingOthers(AgencyId own, Window? window, int? port)
    {
        var met = new List<Claim>();
        if (Claims.Count > 0)
        {
            Claims.CollectMeeting(own, window, port, met);
            met.RemoveAll(claim => !Counts(claim));
            met.Sort(ClaimAge.OldestFirst);
        }

        return met;
    }

    /// <summary>The claims that nobody has ended yet though they are past their expiry, first to expire first.</summary>
    public List<Claim> Expired()
    {
        var expired = new List<Claim>();
        if (Claims.FirstExpiry <= now)
        {
            Claims.CollectExpiringBy(now, unannouncedOnly: false, expired);
            expired.Sort(static (left, right) =>
            {
                var order = left.ExpiresAt.CompareTo(right.ExpiresAt);
                return order != 0 ? order : ClaimAge.Compare(left, right);
            });
        }

        return expired;
    }

    /// <summary>Counts a claim in (1) or out (-1).</summary>
    public void Shift(Claim claim, int by)
    {
        if (claim.Disclosure != Disclosure.Silent)
        {
            _shifts ??= [];
            _shifts[claim.Agency] = _shifts.GetValueOrDefault(claim.Agency) + by;
        }
    }

    /// <summary>Notes a fact.</summary>
    public void Happened(IdentifierEvent fact) => (_events ??= []).Add(fact);

    /// <summary>Notes that a claim of the state changes.</summary>
    public void Change(Claim before, Claim after)
    {
        Shift(before, -1);
        Shift(after, 1);
        Changed = after;
        Happened(new IdentifierEvent.ClaimChanged(after));
    }

    /// <summary>Notes that a claim of the state is released, and returns it as it ends.</summary>
    public Claim Release(Claim claim)
    {
        var ended = claim with { EndReason = EndReason.Released, EndedAt = now, Revision = claim.Revision + 1 };
        Shift(claim, -1);
        Released = claim.Id;
        Happened(new IdentifierEvent.ClaimEnded(ended));
        return ended;
    }

    /// <summary>Notes that a claim of the state has expired.</summary>
    public void Expire(Claim claim)
    {
        Shift(claim, -1);
        Happened(new IdentifierEvent.ClaimEnded(AsExpired(claim)));
    }

    /// <summary>A claim past its expiry, as its end is recorded: it ended when it expired, not when somebody noticed.</summary>
    public static Claim AsExpired(Claim claim) =>
        claim with { EndReason = EndReason.Expired, EndedAt = claim.ExpiresAt, Revision = claim.Revision + 1 };

    /// <summary>Tells an agency.</summary>
    public void Tell(
        AgencyId to,
        AlertKind kind,
        Guid claimId,
        Guid? overlapId = null,
        Visibility visibility = Visibility.None,
        AgencyId? from = null,
        Guid? fromClaimId = null,
        string? fromCase = null,
        string? note = null) =>
        Happened(new IdentifierEvent.AlertRaised(new Alert
        {
            Id = ids.Next(now),
            To = to,
            Kind = kind,
            ClaimId = claimId,
            OverlapId = overlapId,
            Visibility = visibility,
            From = from,
            FromClaimId = fromClaimId,
            FromCase = fromCase,
            Note = note,
            CreatedAt = now,
        }));

    /// <summary>Tells the owner of <paramref name="viewer"/> about <paramref name="other"/>, if it sees anything of it.</summary>
    public void TellOfOther(AlertKind kind, Claim viewer, Claim other, Guid overlapId, Visibility visibility)
    {
        if (visibility > Visibility.None)
        {
            Tell(viewer.Agency, kind, viewer.Id, overlapId, visibility);
            Shown(new Disclosed(viewer.Agency, other.Agency, other.Id, overlapId, visibility));
        }
    }

    /// <summary>Notes for the audit record who is shown what.</summary>
    public void Shown(Disclosed disclosed) => (_disclosures ??= []).Add(disclosed);

    /// <summary>Makes a pair, and tells each side what it may know.</summary>
    public Overlap Pair(Claim older, Claim newer)
    {
        var overlap = new Overlap
        {
            Id = ids.Next(now),
            A = new OverlapSide(older.Id, older.Agency),
            B = new OverlapSide(newer.Id, newer.Agency),
            WindowAssumed = (older.Window is null) != (newer.Window is null),
            FoundAt = now,
        };
        Happened(new IdentifierEvent.OverlapFound(overlap));
        TellOfOther(AlertKind.OverlapFound, older, newer, overlap.Id, VisibilityRule.Of(newer, older));
        TellOfOther(AlertKind.OverlapFound, newer, older, overlap.Id, VisibilityRule.Of(older, newer));
        return overlap;
    }

    public Decision Conclude(Answer answer) =>
        new(answer, (IReadOnlyList<IdentifierEvent>?)_events ?? [], (IReadOnlyList<Disclosed>?)_disclosures ?? []);

    public Decision Conclude(AnswerStatus status, Claim? claim = null) => Conclude(new Answer { Status = status, Claim = claim });
}
