using System.Security.Cryptography;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Overlaps;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Grid.Recording;

/// <summary>
/// Answers a request id that came before (rule 5): the original claim number and overlaps, pointers only as still allowed. Nothing is
/// decided again; that pointers were shown again is recorded as a read, because each showing is a disclosure.
/// </summary>
internal sealed class ReplayedAnswers(ILedger ledger, Policy policy, Recorder recorder)
{
    /// <summary>Refuses what is no repeat of what was recorded.</summary>
    /// <exception cref="RequestIdReusedException">It was another operation or another payload.</exception>
    public static void Confirm(RecordedRequest original, Operation operation, ReadOnlyMemory<byte> payloadHash)
    {
        if (original.Operation != operation
            || !CryptographicOperations.FixedTimeEquals(original.PayloadHash.Span, payloadHash.Span))
        {
            throw new RequestIdReusedException();
        }
    }

    /// <summary>The original answer to a turn.</summary>
    /// <param name="turn">The turn as it came again.</param>
    /// <param name="original">What was recorded of it.</param>
    /// <param name="asNow">What would be answered now: hazard, crowd and own claims are told as they are.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="RequestIdReusedException">It was another operation or another payload.</exception>
    public async Task<Answer> AnswerAsync(Turn turn, RecordedRequest original, Answer asNow, CancellationToken cancellationToken)
    {
        Confirm(original, TurnRecord.OperationOf(turn.Question), turn.Request.PayloadHash);
        var (status, count) = RecordedResult.Read(original.Result);
        if (status == AnswerStatus.NotFound || (original.Subjects.Count == 0 && turn.Question is not Question.Check))
        {
            return new Answer { Status = status };
        }

        var answer = turn.Question switch
        {
            Question.MakeClaim => await ClaimedAsync(turn.Request, original, status, asNow, cancellationToken),
            Question.Check check => await CheckedAsync(check.Command, original, count, asNow, cancellationToken),
            Question.ActOnOverlap => await ActedAsync(turn.Request, original, status, cancellationToken),
            _ => await ChangedAsync(turn.Request, original, status, cancellationToken),
        };
        await RecordAsync(turn.Request, answer, cancellationToken);
        return answer;
    }

    private async Task RecordAsync(RequestContext request, Answer answer, CancellationToken cancellationToken)
    {
        if (answer.Pointers.Count > 0)
        {
            await recorder.ReadAsync(
                request,
                Operation.ReadOverlaps,
                [.. answer.Pointers.Select(static shown => shown.OverlapId == Guid.Empty ? shown.Other.Id : shown.OverlapId)],
                RecordedResult.Replayed,
                [.. answer.Pointers.Select(shown => VisibleOverlaps.Disclosure(request.Caller.Agency, shown))],
                answer.Claim?.Case,
                cancellationToken);
        }
    }

    private async Task<Answer> ClaimedAsync(
        RequestContext request, RecordedRequest original, AnswerStatus status, Answer asNow, CancellationToken cancellationToken)
    {
        var agency = request.Caller.Agency;
        if (await ledger.FindClaimAsync(agency, original.Subjects[0], cancellationToken) is not { } own)
        {
            return new Answer { Status = AnswerStatus.Ended }; // Purged: it ended long ago.
        }

        var shown = await ShownOverlaps.OfClaimAsync(
            ledger, own.Claim, foundByOwnClaim: status == AnswerStatus.Done, policy.PointersPerAnswer, cancellationToken);
        return new Answer
        {
            Status = status,
            Claim = own.Claim,
            Pointers = shown.Pointers,
            PointerCount = shown.Count,
            OwnClaims = [.. asNow.OwnClaims.Where(one => one.Id != own.Claim.Id)],
            Hazard = asNow.Hazard,
            CrowdBand = asNow.CrowdBand,
        };
    }

    // A hit is shown again as far as its owner allows now, also where its claim has ended since: it was the answer.
    private async Task<Answer> CheckedAsync(
        Command.Check check, RecordedRequest original, int? count, Answer asNow, CancellationToken cancellationToken)
    {
        var hits = new List<Pointer>(original.Subjects.Count);
        if (original.Subjects.Count > 0)
        {
            var claims = (await ledger.ReadClaimsAsync(original.Subjects, cancellationToken)).ToDictionary(one => one.Claim.Id);
            foreach (var subject in original.Subjects)
            {
                if (claims.TryGetValue(subject, out var found)
                    && VisibilityRule.OfCheck(found.Claim) is var visibility and not Visibility.None)
                {
                    var assumed = (check.Window is null) != (found.Claim.Window is null);
                    hits.Add(new Pointer(Guid.Empty, Guid.Empty, visibility, found.Claim, assumed));
                }
            }
        }

        var beyond = count is { } all ? all - original.Subjects.Count : 0;
        return asNow with { Status = AnswerStatus.Done, Pointers = hits, PointerCount = hits.Count + beyond };
    }

    private async Task<Answer> ActedAsync(
        RequestContext request, RecordedRequest original, AnswerStatus status, CancellationToken cancellationToken)
    {
        var agency = request.Caller.Agency;
        return await ledger.FindOverlapAsync(agency, original.Subjects[0], cancellationToken) is { } read
            && VisibleOverlaps.See(read.View, agency) is { } visible
            ? new Answer
            {
                Status = status, Claim = visible.Own, Overlap = read.View, Pointers = [visible.Pointer], PointerCount = 1,
            }
            : new Answer { Status = AnswerStatus.NotFound };
    }

    private async Task<Answer> ChangedAsync(
        RequestContext request, RecordedRequest original, AnswerStatus status, CancellationToken cancellationToken) =>
        await ledger.FindClaimAsync(request.Caller.Agency, original.Subjects[0], cancellationToken) is { } own
            ? new Answer { Status = status, Claim = own.Claim }
            : new Answer { Status = AnswerStatus.Ended };
}
