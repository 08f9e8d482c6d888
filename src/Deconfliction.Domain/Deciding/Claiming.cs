using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Deciding;

/// <summary>Making a claim (DESIGN.md, rules 1 to 4).</summary>
internal static class Claiming
{
    private const int OwnClaimsPerAnswer = 100;

    public static Decision Decide(Deliberation turn, Command.MakeClaim make)
    {
        var draft = make.Draft;
        if (!draft.Role.MayClaim())
        {
            throw new ArgumentException($"The role {draft.Role} makes no claims; the gateway refuses it.", nameof(make));
        }

        var same = turn.Claims.Find(draft.Key);
        if (same is not null && same.IsLive(turn.Now))
        {
            return Repeat(turn, same, make.Hazard);
        }

        var expiresAt = Renewing.ExpiryOf(turn, make.Lifetime);
        if (draft.Disclosure == Disclosure.Silent)
        {
            MakeRoomQuietly(turn, same);
            turn.Hazard = make.Hazard ?? turn.Hazard;
        }
        else
        {
            Upkeep.EndExpired(turn);
            Upkeep.Adopt(turn, make.Hazard);
            Crowding.Settle(turn);
            Upkeep.LiftHold(turn);
        }

        return Make(turn, draft, expiresAt);
    }

    // Others must not notice a SILENT claim (see Decider): of what has expired, only the agency's own claim of the same key is ended.
    private static void MakeRoomQuietly(Deliberation turn, Claim? expired)
    {
        if (expired is not null)
        {
            turn.Expire(expired);
        }
    }

    private static Decision Make(Deliberation turn, Claim draft, DateTimeOffset expiresAt)
    {
        var own = OwnClaims(turn, draft.Agency);
        if (turn.Claims.Count >= turn.Policy.CrowdCap || turn.IsCrowd)
        {
            turn.Shift(draft, 1);
        }

        var crowdForms = !turn.IsCrowd && draft.Disclosure != Disclosure.Silent && Crowding.IsOverCap(turn);
        if (crowdForms)
        {
            Crowding.Form(turn);
        }

        var claim = draft with
        {
            CreatedAt = turn.Now,
            ExpiresAt = expiresAt,
            EndedAt = null,
            EndReason = EndReason.None,
            Revision = 1,
            Held = turn.Hazard is not null || turn.IsCrowd,
            ExpiryAnnounced = false,
        };
        turn.Happened(new IdentifierEvent.ClaimMade(claim));
        var pointers = new List<Pointer>();
        var pointerCount = claim.Held ? 0 : MakePairs(turn, claim, pointers);
        TellOfCrowd(turn, claim, crowdForms, isFirst: own.Count == 0);
        var entitled = claim.Role.IsEntitledToHits();
        return turn.Conclude(new Answer
        {
            Status = AnswerStatus.Done,
            Claim = claim,
            Pointers = pointers,
            PointerCount = pointerCount,
            OwnClaims = own,
            Hazard = entitled ? turn.Hazard : null,
            CrowdBand = entitled ? Crowding.BandOf(turn) : null,
        });
    }

    private static int MakePairs(Deliberation turn, Claim claim, List<Pointer> pointers)
    {
        var count = 0;
        foreach (var met in turn.MeetingOthers(claim.Agency, claim.Window, claim.Port))
        {
            var other = turn.Current(met);
            if (other.Held)
            {
                continue;
            }

            var overlap = turn.Pair(other, claim);
            var visibility = VisibilityRule.Of(other, claim);
            if (visibility == Visibility.None)
            {
                continue;
            }

            count++;
            if (pointers.Count < turn.Policy.PointersPerAnswer)
            {
                pointers.Add(new Pointer(overlap.Id, claim.Id, visibility, other, overlap.WindowAssumed));
            }
        }

        return count;
    }

    private static void TellOfCrowd(Deliberation turn, Claim claim, bool crowdForms, bool isFirst)
    {
        if (crowdForms)
        {
            Crowding.TellAll(turn, claim);
        }
        else if (turn.IsCrowd && isFirst && claim.Role.IsEntitledToHits())
        {
            turn.Tell(claim.Agency, AlertKind.Crowd, claim.Id, note: Crowding.BandOf(turn));
        }
    }

    private static Decision Repeat(Deliberation turn, Claim claim, string? hazard)
    {
        var entitled = claim.Role.IsEntitledToHits();
        var own = OwnClaims(turn, claim.Agency);
        Crowding.LookPastExpired(turn);
        return turn.Conclude(new Answer
        {
            Status = AnswerStatus.Duplicate,
            Claim = claim,
            PointersFromLedger = entitled,
            OwnClaims = [.. own.Where(one => one.Id != claim.Id)],
            Hazard = entitled ? hazard : null,
            CrowdBand = entitled ? Crowding.BandOf(turn) : null,
        });
    }

    /// <summary>The agency's claims that are live, as the answer lists them.</summary>
    public static IReadOnlyList<Claim> OwnClaims(Deliberation turn, AgencyId agency)
    {
        if (turn.Claims.Count == 0)
        {
            return [];
        }

        var own = new List<Claim>();
        turn.Claims.CollectOf(agency, turn.Now, OwnClaimsPerAnswer, own);
        return own;
    }
}
