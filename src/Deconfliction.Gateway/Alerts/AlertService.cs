using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Views;
using Deconfliction.Grid;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;

namespace Deconfliction.Gateway.Alerts;

/// <summary>deconfliction.v1.AlertService: the feed of the calling agency.</summary>
internal sealed class AlertService(IGrid grid, IGatewayStore store, AlertViews views, RequestContexts contexts)
{
    public async Task StreamAlerts(
        StreamAlertsRequest request, IServerStreamWriter<StreamAlertsResponse> responses, ServerCallContext context)
    {
        var caller = RequestContexts.CallerOf(context);
        var faults = new Faults();
        if (request.AfterPosition < 0)
        {
            faults.Add("after_position", "INVALID_POSITION", "A position is not negative.", "Give the last position that you have, or 0.");
        }

        if (request is { FromAcknowledged: true, AfterPosition: not 0 })
        {
            faults.Add("after_position", "TWO_POSITIONS", "Both a position and the last acknowledged one are asked for.", "Leave one of the two out.");
        }

        faults.ThrowIfAny();
        var first = await HeartbeatAsync(caller.Agency, context.CancellationToken);
        await responses.WriteAsync(new StreamAlertsResponse { Heartbeat = first }, context.CancellationToken);
        long? after = request.FromAcknowledged ? null : request.AfterPosition;
        if (after == 0 && first.OldestPosition > 1)
        {
            // 0 asks for the oldest that is kept, whatever that is.
            after = first.OldestPosition - 1;
        }

        await foreach (var item in grid.ReadFeedAsync(after, RequestContexts.Read(caller), context.CancellationToken))
        {
            var response = item.Entry is { } entry
                ? new StreamAlertsResponse { Alert = views.Of(entry, item.Overlap) }
                : new StreamAlertsResponse { Heartbeat = await HeartbeatAsync(caller.Agency, context.CancellationToken) };
            await responses.WriteAsync(response, context.CancellationToken);
        }
    }

    public async Task<AcknowledgeAlertsResponse> AcknowledgeAlerts(AcknowledgeAlertsRequest request, ServerCallContext context)
    {
        var faults = new Faults();
        if (request.UpToPosition < 1)
        {
            faults.Add("up_to_position", "INVALID_POSITION", "The position is missing or negative.", "Give the position of the last alert that was dealt with.");
        }

        var recorded = contexts.Recorded(RequestContexts.CallerOf(context), request, faults);
        faults.ThrowIfAny();
        var bounds = await grid.AcknowledgeAlertsAsync(request.UpToPosition, recorded, context.CancellationToken);
        return new AcknowledgeAlertsResponse { AcknowledgedPosition = bounds.Acknowledged };
    }

    private async Task<Heartbeat> HeartbeatAsync(AgencyId agency, CancellationToken cancellationToken)
    {
        var bounds = await store.ReadFeedBoundsAsync(agency, cancellationToken);
        return new Heartbeat
        {
            HeadPosition = bounds.Head,
            OldestPosition = bounds.Head == 0 ? 0 : bounds.OldestKept,
            AcknowledgedPosition = bounds.Acknowledged,
            Time = ClaimViews.Time(grid.Now),
        };
    }
}
