using Deconfliction.Domain.Deciding;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Grid.Recording;

/// <summary>Records what concerns no single identifier. What cannot be recorded is not answered: the exception goes to the asker.</summary>
internal sealed class Recorder(ILedger ledger)
{
    /// <summary>An entry of a request; the caller adds what it was about.</summary>
    public static AuditDraft Draft(RequestContext request, Operation operation) => new()
    {
        Agency = request.Caller.Agency,
        Certificate = request.Caller.Certificate,
        RequestedBy = request.RequestedBy,
        Operation = operation,
        RequestId = request.RequestId,
        PayloadHash = request.PayloadHash,
    };

    /// <summary>Records a read and what it showed.</summary>
    public Task ReadAsync(
        RequestContext request, Operation operation, IReadOnlyList<Guid> subjects, string result, IReadOnlyList<Disclosed> disclosures,
        string? caseReference, CancellationToken cancellationToken) =>
        WriteAsync(
            Draft(request, operation) with
            {
                RequestId = null,
                PayloadHash = default,
                Case = caseReference,
                Subjects = subjects,
                Result = result,
                Disclosures = disclosures,
            },
            request.Lane,
            cancellationToken);

    /// <summary>Records an operation; returns what was recorded before under its request id, if anything was.</summary>
    /// <exception cref="RequestIdReusedException">The request id came before with something else.</exception>
    public async Task<RecordedRequest?> WriteAsync(AuditDraft draft, Lane lane, CancellationToken cancellationToken) =>
        Original(await ledger.RecordAsync(draft, lane, cancellationToken), draft);

    /// <summary>What an outcome says was recorded before.</summary>
    /// <exception cref="RequestIdReusedException">The request id came before with something else.</exception>
    public static RecordedRequest? Original(AppendOutcome outcome, AuditDraft draft)
    {
        switch (outcome)
        {
            case AppendOutcome.Committed:
                return null;
            case AppendOutcome.Replayed replayed:
                ReplayedAnswers.Confirm(replayed.Original, draft.Operation, draft.PayloadHash);
                return replayed.Original;
            default:
                throw new InvalidOperationException($"A record of {draft.Operation} has no version to be stale of.");
        }
    }
}
