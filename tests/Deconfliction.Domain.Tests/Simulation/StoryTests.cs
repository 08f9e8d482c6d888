using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Tests.Deciding;

namespace Deconfliction.Domain.Tests.Simulation;

/// <summary>A simulation proves nothing about what its histories never tell of.</summary>
public class StoryTests
{
    [Fact]
    public void Of_FourHundredSeeds_TellsOfEverything()
    {
        var told = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var seed = 0; seed < 400; seed++)
        {
            var bench = new Bench(Story.Policy);
            foreach (var step in Story.Of(seed, 60))
            {
                bench.Now = step.At;
                if (step.Ask(bench) is { } command)
                {
                    Note(told, command, bench.Run(command));
                }
            }
        }

        var expected = Enum.GetNames<AlertKind>().Where(name => !name.StartsWith("Certificate", StringComparison.Ordinal))
            .Concat(Enum.GetNames<AnswerStatus>())
            .Concat(["crowd formed", "crowd dissolved", "crowd formed by an update", "pairs came free", "silent claim held", "hazard came",
                "hazard went", "expired", "cut answer", "referrer met referrer", "silent renewed", "silent released"]);
        Assert.All(expected, what => Assert.True(
            told.GetValueOrDefault(what) >= 5, $"'{what}' is told only {told.GetValueOrDefault(what)} times."));
    }

    private static void Note(Dictionary<string, int> told, Command command, Decision decision)
    {
        Note(decision.Answer.Status.ToString());
        NoteIf("cut answer", decision.Answer.PointerCount > decision.Answer.Pointers.Count);
        NoteIf("pairs came free", decision.Events.Any(fact => fact is IdentifierEvent.ClaimChanged { Claim.Held: false })
            && decision.Found().Count > 0 && command is not Command.MakeClaim);
        foreach (var fact in decision.Events)
        {
            switch (fact)
            {
                case IdentifierEvent.AlertRaised raised:
                    Note(raised.Alert.Kind.ToString());
                    break;
                case IdentifierEvent.CrowdChanged crowd:
                    Note(crowd.IsCrowd ? "crowd formed" : "crowd dissolved");
                    NoteIf("crowd formed by an update", crowd.IsCrowd && command is Command.UpdateClaim);
                    break;
                case IdentifierEvent.HazardChanged hazard:
                    Note(hazard.Reason is null ? "hazard went" : "hazard came");
                    break;
                case IdentifierEvent.ClaimMade { Claim: { Held: true, Disclosure: Disclosure.Silent } }:
                    Note("silent claim held");
                    break;
                case IdentifierEvent.ClaimChanged { Claim: { Disclosure: Disclosure.Silent } } when command is Command.RenewClaim:
                    Note("silent renewed");
                    break;
                case IdentifierEvent.ClaimEnded ended:
                    NoteIf("expired", ended.Claim.EndReason == EndReason.Expired);
                    NoteIf("silent released", ended.Claim is { EndReason: EndReason.Released, Disclosure: Disclosure.Silent });
                    break;
                case IdentifierEvent.OverlapFound found:
                    NoteIf("referrer met referrer", Story.Referrers.Count(one =>
                        one.Id == found.Overlap.A.Agency || one.Id == found.Overlap.B.Agency) == 2);
                    break;
            }
        }

        void NoteIf(string what, bool isSo)
        {
            if (isSo)
            {
                Note(what);
            }
        }

        void Note(string what) => told[what] = told.GetValueOrDefault(what) + 1;
    }
}
