using Deconfliction.Rpc.Health;
using Deconfliction.Rpc.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Deconfliction.Rpc;

/// <summary>Serves grpc.health.v1.</summary>
public static class HealthEndpoints
{
    /// <summary>Serves grpc.health.v1; what it says is set on the container's <see cref="HealthState"/>.</summary>
    public static IEndpointConventionBuilder MapRpcHealth(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapRpcService<HealthService>(
            Grpc.Health.V1.HealthReflection.Descriptor.FindTypeByName<Google.Protobuf.Reflection.ServiceDescriptor>("Health"))
            .WithMetadata(new EndsByItselfAttribute());
}
