using Deconfliction.Rpc.Server;
using Grpc.Health.V1;
using WireStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Deconfliction.Rpc.Health;

/// <summary>
/// grpc.health.v1 over <see cref="HealthState"/>. Who watches is told NOT_SERVING when the server stops, and only then does its stream end:
/// a watcher for whom the stream only broke would come back to the same server.
/// </summary>
internal sealed class HealthService(HealthState state, RpcServer server)
{
    public Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        _ = context;
        return state.Get(request.Service) is { } status
            ? Task.FromResult(new HealthCheckResponse { Status = OnWire(status) })
            : throw RichError.NotFound("No service of that name tells its health here. The empty name stands for the whole server.")
                .WithInfo("UNKNOWN_SERVICE")
                .ToException();
    }

    public async Task Watch(HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responses, ServerCallContext context)
    {
        // Watching starts before the first look: a change in between is told twice rather than not at all.
        using var watcher = state.Watch();
        var end = server.Options.CutStreamsOnStop ? server.Stopping : CancellationToken.None;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, end);
        WireStatus? told = null;
        while (true)
        {
            var isLast = end.IsCancellationRequested;
            var now = state.Get(request.Service) is { } status ? OnWire(isLast ? ServingStatus.NotServing : status) : WireStatus.ServiceUnknown;
            if (now != told)
            {
                await responses.WriteAsync(new HealthCheckResponse { Status = now }, context.CancellationToken);
                told = now;
            }

            if (isLast)
            {
                throw RequestErrors.Stopping();
            }

            try
            {
                await watcher.NextAsync(either.Token);
            }
            catch (OperationCanceledException) when (!context.CancellationToken.IsCancellationRequested)
            {
                // The server stops: one more word.
            }
        }
    }

    private static WireStatus OnWire(ServingStatus status) => status == ServingStatus.Serving ? WireStatus.Serving : WireStatus.NotServing;
}
