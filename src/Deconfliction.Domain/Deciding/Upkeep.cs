using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;

namespace Deconfliction.Domain.Deciding;

/// <summary>What time, and the catalogue of hazards, do to an identifier.</summary>
internal static class Upkeep
{
    /// <summary>Ends what is past its expiry.</summary>
    public static void EndExpired(Deliberation turn)
    {
        foreach (var claim in turn.Expired())
        {
            turn.Expire(claim);
        }
    }

    /// <summary>
    /// Lets the held claims come free once neither a hazard nor a crowd holds them, and makes the pairs that are missing: those in
    /// which at least one side was held. Pairs of two that were free exist already.
    /// </summary>
    public static void LiftHold(Deliberation turn)
    {
        if (turn.Hazard is not null || turn.IsCrowd || turn.HoldLifted || turn.Claims.HeldCount == 0)
        {
            return;
        }

        var held = turn.Claims.All().Where(claim => claim.Held && turn.Counts(claim)).ToList();
        held.Sort(ClaimAge.OldestFirst);
        turn.HoldLifted = true;
        foreach (var before in held)
        {
            var claim = turn.Current(before);
            turn.Happened(new IdentifierEvent.ClaimChanged(claim));
            foreach (var other in turn.MeetingOthers(claim.Agency, claim.Window, claim.Port))
            {
                var isOlder = ClaimAge.Compare(other, claim) < 0;
                if (isOlder)
                {
                    turn.Pair(turn.Current(other), claim);
                }
                else if (!other.Held)
                {
                    // Two that were both held meet once, when the later one's turn comes.
                    turn.Pair(claim, turn.Current(other));
                }
            }
        }
    }

    public static Decision Sweep(Deliberation turn)
    {
        EndExpired(turn);
        Crowding.Settle(turn);
        GiveNotice(turn);
        return turn.Conclude(AnswerStatus.Done);
    }

    public static Decision SetHazard(Deliberation turn, Command.SetHazard set)
    {
        if (set.Hazard != turn.Hazard)
        {
            EndExpired(turn);
            Adopt(turn, set.Hazard);
            Crowding.Settle(turn);
        }

        LiftHold(turn);
        return turn.Conclude(AnswerStatus.Done);
    }

    /// <summary>Takes over what the catalogue says now.</summary>
    public static void Adopt(Deliberation turn, string? hazard)
    {
        if (hazard != turn.Hazard)
        {
            turn.Hazard = hazard;
            turn.Happened(new IdentifierEvent.HazardChanged(hazard));
        }
    }

    // A notice changes nothing that the owner sets, so the revision, which is its etag, stays.
    private static void GiveNotice(Deliberation turn)
    {
        var by = turn.Now + turn.Policy.ExpiryNotice;
        if (!(turn.Claims.FirstUnannounced <= by))
        {
            return;
        }

        var soon = new List<Claim>();
        turn.Claims.CollectExpiringBy(by, unannouncedOnly: true, soon);
        soon.RemoveAll(claim => !turn.Counts(claim));
        soon.Sort(ClaimAge.OldestFirst);
        foreach (var claim in soon)
        {
            turn.Happened(new IdentifierEvent.ClaimChanged(turn.Current(claim) with { ExpiryAnnounced = true }));
            turn.Tell(claim.Agency, AlertKind.ClaimExpiring, claim.Id);
        }
    }
}
