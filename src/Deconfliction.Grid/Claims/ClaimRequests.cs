using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Recording;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Grid.Claims;

/// <summary>
/// Claims and checks: each is a turn of its identifier's actor. A claim is found by its owner only; for everybody else it is missing, and
/// both are answered and recorded alike.
/// </summary>
internal sealed class ClaimRequests(
    ILedger ledger, IActors actors, Recorder recorder, ReplayedAnswers replays, GridMeters meters, TimeProvider time)
{
    public Task<Answer> MakeAsync(
        TagKey key, Command.MakeClaim command, RequestContext request, CancellationToken cancellationToken)
    {
        if (command.Draft.Agency != request.Caller.Agency || command.Draft.Role != request.Caller.Role)
        {
            throw new ArgumentException("A claim is made for the agency that asks, in its role, and for no other.", nameof(command));
        }

        var started = time.GetTimestamp();
        return ClaimedAsync(actors.AskAsync(key, new Turn(new Question.MakeClaim(command), request), cancellationToken), started);
    }

    public Task<Answer> CheckAsync(TagKey key, Command.Check command, RequestContext request, CancellationToken cancellationToken)
    {
        if (command.By != request.Caller.Agency || command.Role != request.Caller.Role)
        {
            throw new ArgumentException("A check is made by the agency that asks, in its role, and by no other.", nameof(command));
        }

        var started = time.GetTimestamp();
        return CheckedAsync(actors.AskAsync(key, new Turn(new Question.Check(command), request), cancellationToken), started);
    }

    /// <summary>Asks the actor of the identifier that an own claim is on.</summary>
    public async Task<Answer> AskOwnAsync(Guid claimId, Question question, RequestContext request, CancellationToken cancellationToken)
    {
        var turn = new Turn(question, request);
        return await ledger.FindClaimAsync(request.Caller.Agency, claimId, cancellationToken) is { } own
            ? await actors.AskAsync(new TagKey(own.Tag, 0), turn, cancellationToken)
            : await MissingAsync(turn, cancellationToken);
    }

    /// <summary>Records and answers a turn whose object is not there for the asker.</summary>
    public async Task<Answer> MissingAsync(Turn turn, CancellationToken cancellationToken)
    {
        var answer = new Answer { Status = AnswerStatus.NotFound };
        var draft = TurnRecord.Of(turn, tag: null, answer, []);
        return await recorder.WriteAsync(draft, turn.Request.Lane, cancellationToken) is { } original
            ? await replays.AnswerAsync(turn, original, answer, cancellationToken)
            : answer;
    }

    public async Task<OwnedClaim?> GetAsync(Guid claimId, RequestContext request, CancellationToken cancellationToken)
    {
        var own = await ledger.FindClaimAsync(request.Caller.Agency, claimId, cancellationToken);
        await recorder.ReadAsync(
            request, Operation.ReadClaims, [claimId], own is null ? RecordedResult.NotFound : RecordedResult.Done, [], own?.Claim.Case,
            cancellationToken);
        return own;
    }

    public async Task<IReadOnlyList<OwnedClaim>> ListAsync(ClaimQuery query, RequestContext request, CancellationToken cancellationToken)
    {
        var page = await ledger.ListClaimsAsync(query with { Agency = request.Caller.Agency }, cancellationToken);
        await recorder.ReadAsync(
            request, Operation.ReadClaims, [.. page.Select(static own => own.Claim.Id)], RecordedResult.Of(page.Count), [], query.Case,
            cancellationToken);
        return page;
    }

    private async Task<Answer> ClaimedAsync(Task<Answer> asked, long started)
    {
        var answer = await asked;
        meters.Claimed(time.GetElapsedTime(started));
        return answer;
    }

    private async Task<Answer> CheckedAsync(Task<Answer> asked, long started)
    {
        var answer = await asked;
        meters.Checked(time.GetElapsedTime(started));
        return answer;
    }
}
