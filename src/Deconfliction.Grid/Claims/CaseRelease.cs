using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Recording;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Grid.Claims;

/// <summary>
/// Releases a whole case. Each claim is released by its own actor, under an id that follows from the request's and the claim's, so that a
/// request cut off in the middle goes on where it was. That it began is recorded first; a request that finds this record counts what
/// it released before. The count is recorded last, under the request's own id.
/// </summary>
internal sealed class CaseRelease(ILedger ledger, IActors actors, Recorder recorder)
{
    private const int Page = 500;
    private const int AtOnce = 64;

    public async Task<int> ReleaseAsync(string caseReference, RequestContext request, CancellationToken cancellationToken)
    {
        if (request.RequestId is not { } requestId)
        {
            throw new ArgumentException("Releasing a case needs a request id; the gateway refuses it without.", nameof(request));
        }

        var agency = request.Caller.Agency;
        if (await ledger.FindRequestAsync(agency, requestId, cancellationToken) is { } original)
        {
            ReplayedAnswers.Confirm(original, Operation.ReleaseCase, request.PayloadHash);
            return RecordedResult.ReadCount(original.Result);
        }

        var draft = Recorder.Draft(request, Operation.ReleaseCase) with { Case = caseReference };
        var beginning = draft with { RequestId = DerivedId.Of(requestId, requestId), Result = RecordedResult.Started };
        var hasBegun = await recorder.WriteAsync(beginning, request.Lane, cancellationToken) is not null;
        var count = await ReleaseLiveAsync(caseReference, request, requestId, cancellationToken);
        if (hasBegun)
        {
            count += await CountEarlierAsync(caseReference, request, requestId, count.Released, cancellationToken);
        }

        var before = await recorder.WriteAsync(draft with { Result = RecordedResult.Of(count.Total) }, request.Lane, cancellationToken);
        return before is null ? count.Total : RecordedResult.ReadCount(before.Result);
    }

    private async Task<Count> ReleaseLiveAsync(
        string caseReference, RequestContext request, Guid requestId, CancellationToken cancellationToken)
    {
        var released = new HashSet<Guid>();
        var query = new ClaimQuery(request.Caller.Agency, After: null, Page, caseReference, EndReason.None);
        while (true)
        {
            var page = await ledger.ListClaimsAsync(query, cancellationToken);
            var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken };
            await Parallel.ForEachAsync(page, parallel, async (own, token) =>
            {
                if (await ReleaseOneAsync(own, request, requestId, token))
                {
                    lock (released)
                    {
                        released.Add(own.Claim.Id);
                    }
                }
            });
            if (page.Count < Page)
            {
                return new Count(released.Count, released);
            }

            query = query with { After = page[^1].Claim.Id };
        }
    }

    private async Task<bool> ReleaseOneAsync(OwnedClaim own, RequestContext request, Guid requestId, CancellationToken cancellationToken)
    {
        var part = request with { RequestId = DerivedId.Of(requestId, own.Claim.Id) };
        var turn = new Turn(new Question.ReleaseClaim(own.Claim.Id), part);
        var answer = await actors.AskAsync(new TagKey(own.Tag, 0), turn, cancellationToken);
        return answer is { Status: AnswerStatus.Done, Claim.EndReason: EndReason.Released };
    }

    // What this request had released when it was cut off. Such claims are few or recent, and a request is cut off rarely.
    private async Task<int> CountEarlierAsync(
        string caseReference, RequestContext request, Guid requestId, IReadOnlySet<Guid> counted, CancellationToken cancellationToken)
    {
        var count = 0;
        var agency = request.Caller.Agency;
        var query = new ClaimQuery(agency, After: null, Page, caseReference, EndReason.Released);
        while (true)
        {
            var page = await ledger.ListClaimsAsync(query, cancellationToken);
            foreach (var own in page)
            {
                if (!counted.Contains(own.Claim.Id)
                    && await ledger.FindRequestAsync(agency, DerivedId.Of(requestId, own.Claim.Id), cancellationToken) is { Result: RecordedResult.Done })
                {
                    count++;
                }
            }

            if (page.Count < Page)
            {
                return count;
            }

            query = query with { After = page[^1].Claim.Id };
        }
    }

    private readonly record struct Count(int Total, IReadOnlySet<Guid> Released)
    {
        public static Count operator +(Count left, int more) => left with { Total = left.Total + more };
    }
}
