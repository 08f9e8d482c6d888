using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Deciding;

/// <summary>
/// A check: it changes no state, and answers as if the sweep had just run. Each owner that is hit and entitled to hits gets one alert that
/// says who checked, for which case and why, by its oldest claim that is hit: one an owner and not one a claim, so that what a check sets
/// off is bounded by the number of agencies. A SILENT owner is alerted too: there is no silent check, and the checker sees nothing of it.
/// Under a hazard, and in a crowd, hits are held back as overlaps are, the reason is told, and no owner is alerted: alerts about what means
/// nothing by itself, or to dozens at once, are the noise that both are there to keep away. The check stays on the record.
/// </summary>
internal static class Checking
{
    public static Decision Decide(Deliberation turn, Command.Check check)
    {
        if (!check.Role.IsEntitledToHits())
        {
            throw new ArgumentException($"The role {check.Role} may not check; the gateway refuses it.", nameof(check));
        }

        var isCrowd = Crowding.LookPastExpired(turn);
        IReadOnlyList<Pointer> pointers = [];
        var count = 0;
        if (check.Hazard is null && !isCrowd && turn.Claims.Count > 0)
        {
            var hits = turn.MeetingOthers(check.By, check.Window, check.Port);
            (pointers, count) = Point(turn, check, hits);
            TellOwners(turn, check, hits);
        }

        return turn.Conclude(new Answer
        {
            Status = AnswerStatus.Done,
            Pointers = pointers,
            PointerCount = count,
            OwnClaims = Claiming.OwnClaims(turn, check.By),
            Hazard = check.Hazard,
            CrowdBand = Crowding.BandOf(turn),
        });
    }

    private static (List<Pointer> Shown, int Count) Point(Deliberation turn, Command.Check check, List<Claim> hits)
    {
        var pointers = new List<Pointer>();
        var count = 0;
        foreach (var hit in hits)
        {
            var visibility = VisibilityRule.OfCheck(hit);
            if (visibility == Visibility.None)
            {
                continue;
            }

            count++;
            if (pointers.Count < turn.Policy.PointersPerAnswer)
            {
                pointers.Add(new Pointer(Guid.Empty, Guid.Empty, visibility, hit, (check.Window is null) != (hit.Window is null)));
                turn.Shown(new Disclosed(check.By, hit.Agency, hit.Id, Guid.Empty, visibility));
            }
        }

        return (pointers, count);
    }

    private static void TellOwners(Deliberation turn, Command.Check check, List<Claim> hits)
    {
        var told = new HashSet<AgencyId>();
        foreach (var hit in hits)
        {
            if (hit.Role.IsEntitledToHits() && told.Add(hit.Agency))
            {
                turn.Tell(
                    hit.Agency,
                    AlertKind.ClaimChecked,
                    hit.Id,
                    visibility: Visibility.Open,
                    from: check.By,
                    fromCase: check.Case,
                    note: check.Purpose);
                turn.Shown(new Disclosed(hit.Agency, check.By, Guid.Empty, Guid.Empty, Visibility.Open));
            }
        }
    }
}
