using Deconfliction.Domain.Claims;

namespace Deconfliction.Domain.Deciding;

/// <summary>Releasing a claim. Its overlaps stand.</summary>
internal static class Releasing
{
    public static Decision Decide(Deliberation turn, Command.ReleaseClaim release)
    {
        if (turn.FindOwn(release.By, release.ClaimId) is not { } claim)
        {
            return turn.Conclude(AnswerStatus.NotFound);
        }

        if (!claim.IsLive(turn.Now))
        {
            return turn.Conclude(AnswerStatus.Ended, Deliberation.AsExpired(claim));
        }

        if (claim.Disclosure == Disclosure.Silent)
        {
            return turn.Conclude(AnswerStatus.Done, turn.Release(claim));
        }

        Upkeep.EndExpired(turn);
        var ended = turn.Release(claim);
        Crowding.Settle(turn);
        return turn.Conclude(AnswerStatus.Done, ended);
    }
}
