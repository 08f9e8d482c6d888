using Deconfliction.Rpc.Health;
using Deconfliction.Rpc.Reflection;
using Deconfliction.Rpc.Server;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Deconfliction.Rpc;

/// <summary>Registers the gRPC server and maps services.</summary>
public static class RpcEndpoints
{
    /// <summary>Adds what <see cref="MapRpcService{TService}"/> needs.</summary>
    public static IServiceCollection AddRpc(this IServiceCollection services, Action<RpcServerOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRouting();
        services.TryAddSingleton<HealthState>();
        services.TryAddSingleton<HealthService>();
        services.TryAddSingleton<ReflectionService>();
        services.TryAddSingleton<ReflectionAlphaService>();
        services.AddSingleton(provider =>
        {
            var options = new RpcServerOptions();
            configure?.Invoke(options);
            return new RpcServer(provider, services, options);
        });
        services.AddTransient<IStartupFilter, UnknownMethod>();
        return services;
    }

    /// <summary>
    /// Serves <paramref name="descriptor"/> by <typeparamref name="TService"/>, whose public methods have the names of the
    /// descriptor's and Grpc.AspNetCore's shapes. What nobody serves is then answered with UNIMPLEMENTED.
    /// </summary>
    /// <exception cref="InvalidOperationException">A method is missing (it is named), the service is mapped twice, or AddRpc was not called.</exception>
    public static IEndpointConventionBuilder MapRpcService<TService>(this IEndpointRouteBuilder endpoints, ServiceDescriptor descriptor)
        where TService : class
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(descriptor);
        var server = endpoints.ServiceProvider.GetService<RpcServer>()
            ?? throw new InvalidOperationException("gRPC is not registered. Call services.AddRpc() before MapRpcService.");
        var activator = new ServiceActivator<TService>(server);
        var handlers = descriptor.Methods.Select(method => (method.Name, Handler: ServiceBinder.Bind(server, activator, method))).ToArray();
        server.Add(descriptor);
        var conventions = new EndpointConventions();
        foreach (var (name, handler) in handlers)
        {
            // rpc.server.call.duration has a call's time by method and status; http.server.request.duration would measure each once more,
            // as 200, and a stream of a day among them.
            conventions.Add(endpoints
                .MapMethods($"/{descriptor.FullName}/{name}", [HttpMethods.Post], handler.HandleAsync)
                .DisableHttpMetrics()
                .WithDisplayName($"gRPC - /{descriptor.FullName}/{name}"));
        }

        return conventions;
    }

    private sealed class EndpointConventions : IEndpointConventionBuilder
    {
        private readonly List<IEndpointConventionBuilder> _builders = [];

        public void Add(IEndpointConventionBuilder builder) => _builders.Add(builder);

        public void Add(Action<EndpointBuilder> convention)
        {
            foreach (var builder in _builders)
            {
                builder.Add(convention);
            }
        }

        public void Finally(Action<EndpointBuilder> finallyConvention)
        {
            foreach (var builder in _builders)
            {
                builder.Finally(finallyConvention);
            }
        }
    }
}
