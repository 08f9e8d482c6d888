using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Rpc;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ConfigOptions = Microsoft.Extensions.Options.Options;

namespace Deconfliction.Server.Hosting;

/// <summary>
/// The operations pages' own web server. It begins before the agencies' listener and ends after it has drained: a balancer that asks for
/// health is told "stopping" until the last call is answered, where no answer would have it cut the connections of those calls.
/// </summary>
internal sealed class OpsListener : IHostedService, IDisposable
{
    private readonly IPEndPoint _at;
    private readonly IServiceProvider _services;
    private readonly KestrelServer _server;

    /// <summary>Prepares it.</summary>
    /// <param name="at">Where it listens.</param>
    /// <param name="certificate">Its certificate, for each handshake; nothing without TLS.</param>
    /// <param name="services">The program's services, of which its pages are made.</param>
    public OpsListener(IPEndPoint at, Func<X509Certificate2>? certificate, IServiceProvider services)
    {
        (_at, _services) = (at, services);
        var options = new KestrelServerOptions { ApplicationServices = services };
        options.UseRpcLimits();
        options.Listen(at, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            if (certificate is not null)
            {
                listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate());
            }
        });
        _server = new KestrelServer(
            ConfigOptions.Create(options), services.GetRequiredService<IConnectionListenerFactory>(), services.GetRequiredService<ILoggerFactory>());
    }

    /// <summary>Where it listens, once it does.</summary>
    public Uri Address => new(_server.Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

    /// <inheritdoc/>
    /// <exception cref="StartException">It cannot listen there; says why.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var pages = new Pages(OpsPages.Build(_services), _services.GetRequiredService<IHttpContextFactory>());
        try
        {
            await _server.StartAsync(pages, cancellationToken);
        }
        catch (Exception problem) when (problem is IOException or SocketException)
        {
            throw ListenProblem.Of("ops", _at, problem);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _server.Dispose();

    private sealed class Pages(RequestDelegate answer, IHttpContextFactory contexts) : IHttpApplication<HttpContext>
    {
        public HttpContext CreateContext(IFeatureCollection contextFeatures) => contexts.Create(contextFeatures);

        public Task ProcessRequestAsync(HttpContext context) => answer(context);

        public void DisposeContext(HttpContext context, Exception? exception) => contexts.Dispose(context);
    }
}
