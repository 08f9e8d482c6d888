using Deconfliction.Domain.Claims;

namespace Deconfliction.Domain.Deciding;

/// <summary>Renewing a live claim (DESIGN.md, rule 4).</summary>
internal static class Renewing
{
    public static Decision Decide(Deliberation turn, Command.RenewClaim renew)
    {
        if (turn.FindOwn(renew.By, renew.ClaimId) is not { } claim)
        {
            return turn.Conclude(AnswerStatus.NotFound);
        }

        if (!claim.IsLive(turn.Now))
        {
            return turn.Conclude(AnswerStatus.Ended, Deliberation.AsExpired(claim));
        }

        // Never shortens; and what lengthens nothing leaves a notice that was given as it is.
        var expiresAt = ExpiryOf(turn, renew.Lifetime);
        if (expiresAt <= claim.ExpiresAt)
        {
            return turn.Conclude(AnswerStatus.Done, claim);
        }

        var isQuiet = claim.Disclosure == Disclosure.Silent;
        if (!isQuiet)
        {
            Upkeep.EndExpired(turn);
        }

        turn.Change(claim, claim with { ExpiresAt = expiresAt, ExpiryAnnounced = false, Revision = claim.Revision + 1 });
        if (!isQuiet)
        {
            Crowding.Settle(turn);
        }

        return turn.Conclude(AnswerStatus.Done, turn.Current(claim));
    }

    /// <summary>When a life that begins now ends.</summary>
    /// <exception cref="ArgumentException">A lifetime that is not above zero.</exception>
    public static DateTimeOffset ExpiryOf(Deliberation turn, TimeSpan? lifetime)
    {
        var life = lifetime ?? turn.Policy.DefaultLifetime;
        if (life <= TimeSpan.Zero)
        {
            throw new ArgumentException($"A claim's lifetime is above zero, not {life}; the gateway refuses it.", nameof(lifetime));
        }

        return turn.Now + (life < turn.Policy.MaximumLifetime ? life : turn.Policy.MaximumLifetime);
    }
}
