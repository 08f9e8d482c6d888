using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Claims;

/// <summary>What goes with an answer, told to a reader; <c>claim</c> and <c>check</c> say it alike.</summary>
internal static class Findings
{
    public static void Hazard(Screen screen, Hazard? hazard)
    {
        if (hazard is not null)
        {
            screen.Say($"Hazard, so overlaps are held back: {hazard.Reason}. {hazard.Explanation}");
        }
    }

    /// <param name="screen">Where it is said.</param>
    /// <param name="crowd">The crowd, if there is one.</param>
    /// <param name="claim">A claim of the asker's own in it; empty where it has none, and then it cannot ask the others.</param>
    public static void Crowd(Screen screen, Crowd? crowd, string claim)
    {
        if (crowd is not null)
        {
            var band = crowd.AtMost == 0 ? $"{crowd.AtLeast} or more" : $"{crowd.AtLeast} to {crowd.AtMost}";
            screen.Say($"Crowd, so overlaps are held back: {band} agencies claim it.");
            screen.Say(claim.Length > 0
                ? $"Ask them to call: deconflict overlaps request-contact --claim {claim}"
                : "To ask them to call, claim it first.");
        }
    }

    public static void OwnClaims(Screen screen, IEnumerable<OwnClaim> own)
    {
        foreach (var claim in own)
        {
            screen.Say($"Your own agency claims it too: claim {claim.Claim}, case {claim.CaseReference}.");
        }
    }

    public static void Notice(Screen screen, DisclosureNotice notice)
    {
        if (notice == DisclosureNotice.NothingToDisclose)
        {
            screen.Say("There is nothing to disclose. This is no proof that nobody else works on it.");
        }
    }
}
