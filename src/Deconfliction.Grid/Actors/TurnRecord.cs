using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid.Recording;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Grid.Actors;

/// <summary>What the audit record holds of a turn (rule 8): enough to answer a replay, never a value or a contact.</summary>
internal static class TurnRecord
{
    /// <summary>The entry of an answered turn; the same for an object that is another agency's and for one that is not there.</summary>
    public static AuditDraft Of(Turn turn, Tag? tag, Answer answer, IReadOnlyList<Disclosed> disclosures)
    {
        var (caseReference, purpose) = CaseAndPurpose(turn, answer);
        return new AuditDraft
        {
            Agency = turn.Request.Caller.Agency,
            Certificate = turn.Request.Caller.Certificate,
            RequestedBy = turn.Request.RequestedBy,
            Operation = OperationOf(turn.Question),
            Tag = tag,
            Case = caseReference,
            Purpose = purpose,
            RequestId = turn.Request.RequestId,
            PayloadHash = turn.Request.PayloadHash,
            Subjects = Subjects(turn.Question, answer),
            Result = RecordedResult.Of(answer),
            Disclosures = disclosures,
        };
    }

    /// <summary>Which operation a question is.</summary>
    public static Operation OperationOf(Question question) => question switch
    {
        Question.MakeClaim => Operation.Claim,
        Question.Check => Operation.Check,
        Question.UpdateClaim => Operation.UpdateClaim,
        Question.RenewClaim => Operation.RenewClaim,
        Question.ReleaseClaim => Operation.ReleaseClaim,
        Question.RequestCrowdContact or Question.ActOnOverlap { Action: OverlapAction.RequestContact } => Operation.RequestContact,
        Question.ActOnOverlap { Action: OverlapAction.Acknowledge } => Operation.AcknowledgeOverlap,
        Question.ActOnOverlap { Action: OverlapAction.Resolve } => Operation.ResolveOverlap,
        Question.ActOnOverlap { Action: OverlapAction.Disclose } => Operation.Disclose,
        Question.Sweep => Operation.Sweep,
        Question.SetHazard => Operation.ChangeHazard,
        _ => throw new InvalidOperationException($"A question of the kind {question.GetType().Name} has no operation."),
    };

    private static (string? Case, string? Purpose) CaseAndPurpose(Turn turn, Answer answer) => turn.Question switch
    {
        Question.MakeClaim make => (make.Command.Draft.Case, make.Command.Purpose),
        Question.Check check => (check.Command.Case, check.Command.Purpose),
        _ => (answer.Claim?.Case ?? answer.Overlap?.OwnOf(turn.Request.Caller.Agency)?.Case, null),
    };

    private static IReadOnlyList<Guid> Subjects(Question question, Answer answer) => question switch
    {
        Question.MakeClaim => answer.Claim is { } claim ? [claim.Id] : [],
        Question.Check => answer.Pointers.Count == 0 ? [] : [.. answer.Pointers.Select(static hit => hit.Other.Id)],
        Question.UpdateClaim update => [update.ClaimId],
        Question.RenewClaim renew => [renew.ClaimId],
        Question.ReleaseClaim release => [release.ClaimId],
        Question.RequestCrowdContact crowd => [crowd.ClaimId],
        Question.ActOnOverlap act => [act.OverlapId],
        _ => [],
    };
}
