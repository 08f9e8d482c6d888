using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Claims;
using Deconfliction.Grid.Recording;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Grid.Overlaps;

/// <summary>Reading and acting on overlaps, each only as far as rule 2 lets the asker see it.</summary>
internal sealed class OverlapRequests(ILedger ledger, IActors actors, Recorder recorder, ClaimRequests claims)
{
    public async Task<VisibleOverlap?> GetAsync(Guid overlapId, RequestContext request, CancellationToken cancellationToken)
    {
        var visible = await FindVisibleAsync(overlapId, request, cancellationToken) is { } found ? found.Visible : null;
        await recorder.ReadAsync(
            request,
            Operation.ReadOverlaps,
            [overlapId],
            visible is null ? RecordedResult.NotFound : RecordedResult.Done,
            visible is null ? [] : [VisibleOverlaps.Disclosure(request.Caller.Agency, visible.Pointer)],
            visible?.Own.Case,
            cancellationToken);
        return visible;
    }

    public async Task<IReadOnlyList<VisibleOverlap>> ListAsync(
        OverlapQuery query, RequestContext request, CancellationToken cancellationToken)
    {
        // Who is never shown anything need not be read for: the time of reading would tell how much there is.
        var page = request.Caller.Role.IsEntitledToHits()
            ? await ReadPageAsync(query with { Agency = request.Caller.Agency }, cancellationToken)
            : [];
        await recorder.ReadAsync(
            request,
            Operation.ReadOverlaps,
            [.. page.Select(static shown => shown.Overlap.Id)],
            RecordedResult.Of(page.Count),
            [.. page.Select(shown => VisibleOverlaps.Disclosure(request.Caller.Agency, shown.Pointer))],
            query.Case,
            cancellationToken);
        return page;
    }

    public async Task<Answer> ActAsync(Question.ActOnOverlap act, RequestContext request, CancellationToken cancellationToken)
    {
        var turn = new Turn(act, request);
        return await FindVisibleAsync(act.OverlapId, request, cancellationToken) is { } found
            ? await actors.AskAsync(new TagKey(found.Record.Tag, 0), turn, cancellationToken)
            : await claims.MissingAsync(turn, cancellationToken);
    }

    private async Task<(OverlapRecord Record, VisibleOverlap Visible)?> FindVisibleAsync(
        Guid overlapId, RequestContext request, CancellationToken cancellationToken) =>
        await ledger.FindOverlapAsync(request.Caller.Agency, overlapId, cancellationToken) is { } record
        && VisibleOverlaps.See(record.View, request.Caller.Agency) is { } visible
            ? (record, visible)
            : null;

    // One read, whatever lies between: the ledger passes over what the asker may not see, by the same rule.
    private async Task<IReadOnlyList<VisibleOverlap>> ReadPageAsync(OverlapQuery query, CancellationToken cancellationToken)
    {
        var page = new List<VisibleOverlap>();
        foreach (var record in await ledger.ListOverlapsAsync(query with { OnlySeen = true }, cancellationToken))
        {
            if (VisibleOverlaps.See(record.View, query.Agency) is { } visible)
            {
                page.Add(visible);
            }
        }

        return page;
    }
}
