using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Grid;
using Deconfliction.Grid.Actors;

namespace Deconfliction.Silo.Messages;

/// <summary>The kinds of question on the wire. The numbers are not to be used again.</summary>
internal static class QuestionWire
{
    private const int MakeClaim = 1;
    private const int Check = 2;
    private const int UpdateClaim = 3;
    private const int RenewClaim = 4;
    private const int ReleaseClaim = 5;
    private const int ActOnOverlap = 6;
    private const int RequestCrowdContact = 7;
    private const int Sweep = 8;
    private const int SetHazard = 9;

    public static void Write(Question question, ref TurnSurrogate to)
    {
        switch (question)
        {
            case Question.MakeClaim { Command: var command }:
                (to.Kind, to.Draft, to.Lifetime, to.Hazard) = (MakeClaim, command.Draft, command.Lifetime, command.Hazard);
                (to.IdentifierKind, to.Purpose) = ((int?)command.Kind, command.Purpose);
                break;
            case Question.Check { Command: var command }:
                // Who checks is who asks: the grid has seen to that.
                (to.Kind, to.Case, to.Purpose) = (Check, command.Case, command.Purpose);
                (to.Window, to.Port, to.Hazard) = (command.Window, command.Port, command.Hazard);
                break;
            case Question.UpdateClaim { Change: var change } update:
                (to.Kind, to.Subject, to.ExpectedRevision) = (UpdateClaim, update.ClaimId, change.ExpectedRevision);
                (to.Priority, to.Handling, to.Disclosure) = ((int?)change.Priority, (int?)change.Handling, (int?)change.Disclosure);
                to.Sealed = change.Sealed is { } content ? WireBytes.Of(content) : null;
                break;
            case Question.RenewClaim renew:
                (to.Kind, to.Subject, to.Lifetime) = (RenewClaim, renew.ClaimId, renew.Lifetime);
                break;
            case Question.ReleaseClaim release:
                (to.Kind, to.Subject) = (ReleaseClaim, release.ClaimId);
                break;
            case Question.ActOnOverlap act:
                (to.Kind, to.Subject, to.Action, to.Outcome) = (ActOnOverlap, act.OverlapId, (int)act.Action, (int)act.Outcome);
                break;
            case Question.RequestCrowdContact crowd:
                (to.Kind, to.Subject) = (RequestCrowdContact, crowd.ClaimId);
                break;
            case Question.Sweep:
                to.Kind = Sweep;
                break;
            case Question.SetHazard hazard:
                (to.Kind, to.Hazard) = (SetHazard, hazard.Hazard);
                break;
            default:
                throw new InvalidOperationException($"A question of the kind {question.GetType().Name} has no form on the wire.");
        }
    }

    public static Question Read(in TurnSurrogate from) => from.Kind switch
    {
        MakeClaim => new Question.MakeClaim(new Command.MakeClaim(Draft(from), from.Lifetime, from.Hazard)
        {
            Kind = (IdentifierKind?)from.IdentifierKind,
            Purpose = from.Purpose,
        }),
        Check => new Question.Check(new Command.Check(
            AgencyId.Parse(from.Agency), (AgencyRole)from.Role, from.Case ?? "", from.Purpose ?? "", from.Window, from.Port, from.Hazard)),
        UpdateClaim => new Question.UpdateClaim(from.Subject, new ClaimChange(
            from.ExpectedRevision, (Priority?)from.Priority, (Handling?)from.Handling, (Disclosure?)from.Disclosure,
            // A bare null would become an empty memory, which is not nothing: it would replace what is sealed.
            from.Sealed is { } content ? new ReadOnlyMemory<byte>(content) : default(ReadOnlyMemory<byte>?))),
        RenewClaim => new Question.RenewClaim(from.Subject, from.Lifetime),
        ReleaseClaim => new Question.ReleaseClaim(from.Subject),
        ActOnOverlap => new Question.ActOnOverlap(from.Subject, (OverlapAction)from.Action, (Outcome)from.Outcome),
        RequestCrowdContact => new Question.RequestCrowdContact(from.Subject),
        Sweep => Question.Sweep.Instance,
        SetHazard => new Question.SetHazard(from.Hazard),
        _ => throw new InvalidOperationException($"A question of a kind came that is not known here ({from.Kind}); run one version on all silos."),
    };

    private static Claim Draft(in TurnSurrogate from) =>
        from.Draft ?? throw new InvalidOperationException("A claim came without its draft.");
}
