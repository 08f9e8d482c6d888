using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Deciding;

/// <summary>Changing a live claim.</summary>
internal static class Updating
{
    public static Decision Decide(Deliberation turn, Command.UpdateClaim update)
    {
        if (turn.FindOwn(update.By, update.ClaimId) is not { } claim)
        {
            return turn.Conclude(AnswerStatus.NotFound);
        }

        if (!claim.IsLive(turn.Now))
        {
            return turn.Conclude(AnswerStatus.Ended, Deliberation.AsExpired(claim));
        }

        if (update.ExpectedRevision is { } expected && expected != claim.Revision)
        {
            return turn.Conclude(AnswerStatus.Outdated, claim);
        }

        var updated = claim with
        {
            Priority = update.Priority ?? claim.Priority,
            Handling = update.Handling ?? claim.Handling,
            Disclosure = update.Disclosure ?? claim.Disclosure,
            Sealed = update.Sealed ?? claim.Sealed,
            IsSealedApart = update.Sealed is null && claim.IsSealedApart,
        };
        return updated == claim ? turn.Conclude(AnswerStatus.Done, claim) : Change(turn, claim, updated, update.Overlaps);
    }

    private static Decision Change(Deliberation turn, Claim claim, Claim updated, IReadOnlyList<OverlapView> overlaps)
    {
        updated = updated with { Revision = claim.Revision + 1 };
        var isQuiet = claim.Disclosure == Disclosure.Silent && updated.Disclosure == Disclosure.Silent;
        if (!isQuiet)
        {
            Upkeep.EndExpired(turn);
        }

        turn.Change(claim, updated);
        if (updated.Disclosure != claim.Disclosure)
        {
            foreach (var view in overlaps)
            {
                TellWhoSeesMore(turn, claim, updated, view);
            }
        }

        if (!isQuiet)
        {
            Crowding.Settle(turn);
        }

        return turn.Conclude(AnswerStatus.Done, turn.Current(claim));
    }

    // Whoever sees more than before is told, on either side: two that are SILENT see each other. Whoever sees less is not.
    private static void TellWhoSeesMore(Deliberation turn, Claim claim, Claim updated, OverlapView view)
    {
        var recorded = view.OwnOf(claim.Agency);
        if (recorded?.Id != claim.Id)
        {
            throw new ArgumentException($"Overlap {view.Overlap.Id} is not one of claim {claim.Id}.", nameof(view));
        }

        var other = view.OtherOf(recorded);
        var mine = view.Overlap.SideOf(claim.Id);
        var theirs = view.Overlap.SideOf(other.Id);
        var seenByOther = VisibilityRule.Of(updated, mine, other);
        if (seenByOther > VisibilityRule.Of(claim, mine, other))
        {
            turn.TellOfOther(AlertKind.Disclosed, other, updated, view.Overlap.Id, seenByOther);
        }

        var seenByMe = VisibilityRule.Of(other, theirs, updated);
        if (seenByMe > VisibilityRule.Of(other, theirs, claim))
        {
            turn.TellOfOther(AlertKind.Disclosed, updated, other, view.Overlap.Id, seenByMe);
        }
    }
}
