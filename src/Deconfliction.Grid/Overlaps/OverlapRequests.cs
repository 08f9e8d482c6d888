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
    // A page is filled by reading on past what the asker may not see; this bounds how far. It is never to be met: whoever meets it learns
    // that there is much which it may not see.
    private const int MaximumReadsPerPage = 2_000;

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
        var page = await FillPageAsync(query with { Agency = request.Caller.Agency }, cancellationToken);
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

    private async Task<List<VisibleOverlap>> FillPageAsync(OverlapQuery query, CancellationToken cancellationToken)
    {
        var page = new List<VisibleOverlap>();
        var limit = query.Limit;
        for (var reads = 0; reads < MaximumReadsPerPage; reads++)
        {
            // As many as were asked for at first; then never few, however small the page: a run of invisible ones must not take a read each.
            var wanted = reads == 0 ? limit : Math.Max(limit - page.Count, OverlapReading.Page);
            var read = await ledger.ListOverlapsAsync(query with { Limit = wanted }, cancellationToken);
            foreach (var record in read)
            {
                if (VisibleOverlaps.See(record.View, query.Agency) is { } visible)
                {
                    page.Add(visible);
                    if (page.Count == limit)
                    {
                        return page;
                    }
                }
            }

            if (read.Count < wanted)
            {
                return page;
            }

            query = query with { After = read[^1].View.Overlap.Id };
        }

        throw new GridOverloadedException(
            "This page of overlaps would take too long to read. List the overlaps of one claim or of one case instead.",
            TimeSpan.FromSeconds(30));
    }
}
