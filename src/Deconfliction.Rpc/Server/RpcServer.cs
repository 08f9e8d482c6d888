using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Deconfliction.Rpc.Server;

/// <summary>What all calls of a server share, and the services that it has.</summary>
internal sealed class RpcServer : IDisposable
{
    private readonly IServiceCollection _registrations;
    private readonly Lock _gate = new();
    private volatile ServiceDescriptor[] _services = [];

    public RpcServer(IServiceProvider provider, IServiceCollection registrations, RpcServerOptions options)
    {
        options.Validate();
        _registrations = registrations;
        Options = options;
        Provider = provider;
        Time = provider.GetService<TimeProvider>() ?? TimeProvider.System;
        Log = provider.GetRequiredService<ILoggerFactory>().CreateLogger("Deconfliction.Rpc.Server");
        Stopping = provider.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None;
        Interceptors = [.. options.Interceptors.Select(make => make(provider))];
    }

    public RpcServerOptions Options { get; }

    public IServiceProvider Provider { get; }

    public TimeProvider Time { get; }

    public ILogger Log { get; }

    public CancellationToken Stopping { get; }

    public RpcInterceptor[] Interceptors { get; }

    public RpcMeters Meters { get; } = new();

    /// <summary>The services mapped so far, in order.</summary>
    public IReadOnlyList<ServiceDescriptor> Services => _services;

    public void Add(ServiceDescriptor service)
    {
        lock (_gate)
        {
            if (_services.Any(known => string.Equals(known.FullName, service.FullName, StringComparison.Ordinal)))
            {
                throw new InvalidOperationException($"The gRPC service {service.FullName} is mapped twice. Map it once.");
            }

            _services = [.. _services, service];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Meters.Dispose();

    /// <summary>How the container holds <typeparamref name="TService"/>; null where it does not.</summary>
    public ServiceLifetime? LifetimeOf<TService>() =>
        _registrations.LastOrDefault(registration => registration.ServiceType == typeof(TService))?.Lifetime;
}
