using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Deciding;

/// <summary>
/// Crowds: an identifier that more agencies claim than the cap. Each claimant entitled to hits is told once, SILENT ones too; counted are
/// only agencies with a claim that is not SILENT, so that a SILENT claim moves neither the cap nor the band.
/// </summary>
internal static class Crowding
{
    private static readonly (int From, int To)[] Bands = [(0, 25), (26, 50), (51, 100), (101, 250)];

    /// <summary>The number of agencies as it may be told: <c>20-25</c> (from the policy's lower limit), <c>26-50</c>, ... <c>251+</c>.</summary>
    public static string Band(int agencies, Policy policy)
    {
        // A crowd stands until an upkeep dissolves it, so for a moment there may be fewer than its lower limit.
        var count = Math.Max(agencies, policy.CrowdReopensBelow);
        foreach (var (from, to) in Bands)
        {
            if (count <= to)
            {
                return $"{Math.Max(from, policy.CrowdReopensBelow)}-{to}";
            }
        }

        return "251+";
    }

    /// <summary>The band, where it is a crowd.</summary>
    public static string? BandOf(Deliberation turn) => turn.IsCrowd ? Band(turn.CountableAgencies, turn.Policy) : null;

    /// <summary>Lets a crowd form or dissolve after claims ended or changed.</summary>
    public static void Settle(Deliberation turn)
    {
        if (!turn.IsCrowd)
        {
            if (IsOverCap(turn))
            {
                Form(turn);
                TellAll(turn);
            }
        }
        else if (turn.CountableAgencies < turn.Policy.CrowdReopensBelow)
        {
            turn.IsCrowd = false;
            turn.Happened(new IdentifierEvent.CrowdChanged(false));
            Upkeep.LiftHold(turn);
        }
    }

    /// <summary>Whether there are more agencies than the cap.</summary>
    public static bool IsOverCap(Deliberation turn) => turn.CountableAgencies > turn.Policy.CrowdCap;

    /// <summary>Notes that a crowd has formed.</summary>
    public static void Form(Deliberation turn)
    {
        turn.IsCrowd = true;
        turn.Happened(new IdentifierEvent.CrowdChanged(true));
    }

    /// <summary>Tells each claimant, by its oldest claim; also the owner of a claim that is just being made.</summary>
    public static void TellAll(Deliberation turn, Claim? made = null)
    {
        var band = Band(turn.CountableAgencies, turn.Policy);
        var claimants = Claimants(turn);
        if (made is not null && made.Role.IsEntitledToHits() && !claimants.Exists(claim => claim.Agency == made.Agency))
        {
            claimants.Add(made);
        }

        foreach (var claim in claimants)
        {
            turn.Tell(claim.Agency, AlertKind.Crowd, claim.Id, note: band);
        }
    }

    /// <summary>
    /// Leaves out what has expired but is not ended, as if the sweep had just run; says whether it is a crowd then. Commits nothing.
    /// </summary>
    public static bool LookPastExpired(Deliberation turn)
    {
        if (!turn.IsCrowd)
        {
            return false;
        }

        foreach (var claim in turn.Expired())
        {
            turn.Shift(claim, -1);
        }

        turn.IsCrowd = turn.CountableAgencies >= turn.Policy.CrowdReopensBelow;
        return turn.IsCrowd;
    }

    public static Decision RequestContact(Deliberation turn, Command.RequestCrowdContact request)
    {
        if (turn.FindOwn(request.By, request.ClaimId) is not { } own)
        {
            return turn.Conclude(AnswerStatus.NotFound);
        }

        if (!own.IsLive(turn.Now))
        {
            return turn.Conclude(AnswerStatus.Ended, Deliberation.AsExpired(own));
        }

        // A referrer is told of no crowd, whether there is one or not.
        if (!own.Role.IsEntitledToHits() || !LookPastExpired(turn))
        {
            return turn.Conclude(AnswerStatus.NotACrowd, own);
        }

        foreach (var other in Claimants(turn))
        {
            if (other.Agency != own.Agency)
            {
                turn.Tell(
                    other.Agency, AlertKind.ContactRequested, other.Id, visibility: Visibility.Contact, from: own.Agency, fromClaimId: own.Id);
                turn.Shown(new Disclosed(other.Agency, own.Agency, own.Id, Guid.Empty, Visibility.Contact));
            }
        }

        return turn.Conclude(new Answer { Status = AnswerStatus.Done, Claim = own, CrowdBand = BandOf(turn) });
    }

    /// <summary>The oldest live claim of each agency entitled to hits, in the order of the agencies.</summary>
    private static List<Claim> Claimants(Deliberation turn)
    {
        var claimants = new List<Claim>();
        turn.Claims.CollectOldestOfEach(claim => claim.Role.IsEntitledToHits() && turn.Counts(claim), claimants);
        claimants.Sort(static (left, right) => left.Agency.CompareTo(right.Agency));
        return claimants;
    }
}
