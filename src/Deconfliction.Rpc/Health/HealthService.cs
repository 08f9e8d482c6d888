using Grpc.Health.V1;
using WireStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace Deconfliction.Rpc.Health;

/// <summary>grpc.health.v1 over <see cref="HealthState"/>.</summary>
internal sealed class HealthService(HealthState state)
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
        WireStatus? told = null;
        while (true)
        {
            var now = state.Get(request.Service) is { } status ? OnWire(status) : WireStatus.ServiceUnknown;
            if (now != told)
            {
                await responses.WriteAsync(new HealthCheckResponse { Status = now }, context.CancellationToken);
                told = now;
            }

            await watcher.NextAsync(context.CancellationToken);
        }
    }

    private static WireStatus OnWire(ServingStatus status) => status == ServingStatus.Serving ? WireStatus.Serving : WireStatus.NotServing;
}
