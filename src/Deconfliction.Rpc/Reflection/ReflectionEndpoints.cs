using Deconfliction.Rpc.Reflection;
using Google.Protobuf.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace Deconfliction.Rpc;

/// <summary>Serves grpc.reflection.</summary>
public static class ReflectionEndpoints
{
    /// <summary>Serves grpc.reflection.v1 and v1alpha for all services that are mapped, also later.</summary>
    public static void MapRpcReflection(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapRpcService<ReflectionService>(
            Grpc.Reflection.V1.ReflectionReflection.Descriptor.FindTypeByName<ServiceDescriptor>("ServerReflection"));
        endpoints.MapRpcService<ReflectionAlphaService>(
            Grpc.Reflection.V1Alpha.ReflectionReflection.Descriptor.FindTypeByName<ServiceDescriptor>("ServerReflection"));
    }
}
