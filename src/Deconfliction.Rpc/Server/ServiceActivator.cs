using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Deconfliction.Rpc.Server;

/// <summary>
/// Finds the service instance of a call: the container's where it has one (a singleton is fetched once), else one made for the
/// call and disposed after it, as Grpc.AspNetCore does.
/// </summary>
internal sealed class ServiceActivator<TService>
    where TService : class
{
    private readonly TService? _singleton;
    private readonly ObjectFactory<TService>? _factory;

    public ServiceActivator(RpcServer server)
    {
        switch (server.LifetimeOf<TService>())
        {
            case ServiceLifetime.Singleton:
                _singleton = server.Provider.GetRequiredService<TService>();
                break;
            case null:
                _factory = ActivatorUtilities.CreateFactory<TService>([]);
                break;
        }
    }

    public TService Get(HttpContext http) =>
        _singleton ?? _factory?.Invoke(http.RequestServices, null) ?? http.RequestServices.GetRequiredService<TService>();

    public ValueTask ReleaseAsync(TService service)
    {
        if (_factory is null)
        {
            return default;
        }

        switch (service)
        {
            case IAsyncDisposable disposable:
                return disposable.DisposeAsync();
            case IDisposable disposable:
                disposable.Dispose();
                return default;
            default:
                return default;
        }
    }
}
