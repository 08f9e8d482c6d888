using System.Runtime.CompilerServices;
using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Overlaps;
using Deconfliction.Grid.Recording;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Grid.Feeds;

/// <summary>
/// Agencies' feeds. A reader holds a position and nothing else: it reads the next page from the ledger, hands it out, and waits for a sign
/// that the head has moved. One that is slow, or stops for an hour, costs nobody memory; it reads on where it was.
/// </summary>
internal sealed class FeedRequests(ILedger ledger, IActors actors, Recorder recorder, GridOptions options, GridMeters meters)
{
    private const int Page = 500;

    public async IAsyncEnumerable<FeedItem> ReadAsync(
        long? after, RequestContext request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var agency = request.Caller.Agency;
        actors.Nudge(agency); // Alerts whose nudge was lost need not wait for the sweep.
        var position = await OpenAsync(after, request, cancellationToken);
        var isCaughtUp = false;
        var expected = position;
        while (true)
        {
            var page = await ledger.ReadFeedAsync(agency, position, Page, cancellationToken);
            if (page.Count > 0)
            {
                await ConfirmGapFreeAsync(page, position, request, cancellationToken);
                var head = await actors.WaitForHeadAsync(agency, known: -1, TimeSpan.Zero, cancellationToken);
                var items = page.Select(entry => Show(entry, Math.Max(head, page[^1].Position), request)).ToList();
                await RecordDeliveryAsync(items, request, cancellationToken);
                foreach (var item in items)
                {
                    yield return item;
                    position = item.Entry!.Position;
                    if (isCaughtUp)
                    {
                        // Who reads asks for the next when this one is written.
                        meters.Delivered(ledger.Now - item.Entry.Alert.CreatedAt);
                    }
                }
            }
            else if (expected > position)
            {
                // The head is further, and there is no page: a purge has taken all of it, and none ever comes.
                ConfirmKept(position, await ledger.ReadFeedBoundsAsync(agency, cancellationToken));
            }

            if (!isCaughtUp && page.Count == Page)
            {
                continue;
            }

            // The first time nobody is asked: it says at once that the backlog has been sent, also where the agency's actor is out of reach.
            expected = isCaughtUp ? await actors.WaitForHeadAsync(agency, position, options.FeedHeartbeat, cancellationToken) : position;
            if (expected <= position)
            {
                // Then it is read on from here, whatever the actor believes: so a sign that never came costs one heartbeat at most.
                var bounds = await ledger.ReadFeedBoundsAsync(agency, cancellationToken);
                ConfirmKept(position, bounds);
                if (!isCaughtUp && bounds.Head > position)
                {
                    continue; // More has come meanwhile, and belongs to the backlog.
                }

                isCaughtUp = true;
                yield return new FeedItem(bounds.Head, Entry: null, Overlap: null);
            }
        }
    }

    public async Task<FeedBounds> AcknowledgeAsync(long upTo, RequestContext request, CancellationToken cancellationToken)
    {
        var agency = request.Caller.Agency;
        var bounds = await ledger.ReadFeedBoundsAsync(agency, cancellationToken);
        if (upTo < 0 || upTo > bounds.Head)
        {
            throw Refused($"Position {upTo} cannot be acknowledged: the feed's head is {bounds.Head}", FeedPositionUse.AcknowledgeUpTo, bounds);
        }

        var draft = Recorder.Draft(request, Operation.AcknowledgeAlerts) with { Result = $"{RecordedResult.Done} {upTo}" };
        _ = Recorder.Original(await ledger.AcknowledgeFeedAsync(agency, upTo, draft, cancellationToken), draft);
        return await ledger.ReadFeedBoundsAsync(agency, cancellationToken);
    }

    private async Task<long> OpenAsync(long? after, RequestContext request, CancellationToken cancellationToken)
    {
        var bounds = await ledger.ReadFeedBoundsAsync(request.Caller.Agency, cancellationToken);
        var position = after ?? bounds.Acknowledged;
        if (position > bounds.Head)
        {
            throw Refused($"Position {position} is beyond the feed's head {bounds.Head}", FeedPositionUse.ReadAfter, bounds);
        }

        ConfirmKept(position, bounds);
        await recorder.ReadAsync(
            request, Operation.ReadFeed, [], $"OPENED {position}", [], caseReference: null, cancellationToken);
        return position;
    }

    // A purge may pass a reader that is slower than the period for which alerts are kept.
    private async Task ConfirmGapFreeAsync(
        IReadOnlyList<FeedEntry> page, long position, RequestContext request, CancellationToken cancellationToken)
    {
        var expected = position;
        foreach (var entry in page)
        {
            if (entry.Position != ++expected)
            {
                throw NotKept(expected - 1, await ledger.ReadFeedBoundsAsync(request.Caller.Agency, cancellationToken));
            }
        }
    }

    private static void ConfirmKept(long position, FeedBounds bounds)
    {
        if (position < bounds.OldestKept - 1)
        {
            throw NotKept(position, bounds);
        }
    }

    private static FeedPositionException NotKept(long position, FeedBounds bounds) =>
        Refused($"What follows position {position} is not kept any more: the oldest kept is {bounds.OldestKept}", FeedPositionUse.ReadAfter, bounds);

    private static FeedPositionException Refused(string what, FeedPositionUse use, FeedBounds bounds) => new(
        $"{what}. Positions from {bounds.OldestKept - 1} to {bounds.Head} can be read on from.", use, bounds.OldestKept, bounds.Head);

    // Rule 2 at delivery: the alert keeps its place, and shows of the other side what may be seen now. What an alert itself was raised to
    // tell (who checked, whose contact is given) was allowed with its cause and stays.
    private static FeedItem Show(FeedEntry entry, long head, RequestContext request)
    {
        var visible = entry.Overlap is { } view ? VisibleOverlaps.See(view, request.Caller.Agency) : null;
        return new FeedItem(head, visible is null ? entry with { Overlap = null } : entry, visible);
    }

    // What is delivered is disclosed, each time: so the record comes first.
    private async Task RecordDeliveryAsync(List<FeedItem> items, RequestContext request, CancellationToken cancellationToken)
    {
        var agency = request.Caller.Agency;
        var shown = new List<Disclosed>();
        foreach (var item in items)
        {
            if (item.Overlap is { } overlap)
            {
                shown.Add(VisibleOverlaps.Disclosure(agency, overlap.Pointer));
            }
            else if (item.Entry!.Alert is { From: { } from } alert)
            {
                shown.Add(new Disclosed(agency, from, alert.FromClaimId ?? Guid.Empty, Guid.Empty, alert.Visibility));
            }
        }

        if (shown.Count > 0)
        {
            await recorder.ReadAsync(
                request,
                Operation.ReadFeed,
                [.. items.Select(static item => item.Entry!.Alert.Id)],
                $"SENT {items[0].Entry!.Position}-{items[^1].Entry!.Position}",
                shown,
                caseReference: null,
                cancellationToken);
        }
    }
}
