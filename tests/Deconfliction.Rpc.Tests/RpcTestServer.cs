using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Rpc.Tests.Interop;
using Deconfliction.Rpc.Tests.Probing;
using Grpc.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace Deconfliction.Rpc.Tests;

/// <summary>A Kestrel on a free loopback port with mutual TLS and the test services.</summary>
public sealed class RpcTestServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private RpcTestServer(WebApplication app, TestPki pki, CapturedLog log)
    {
        _app = app;
        Pki = pki;
        Log = log;
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        Address = new UriBuilder(address) { Host = "localhost" }.Uri;
    }

    public Uri Address { get; }

    public TestPki Pki { get; }

    public CapturedLog Log { get; }

    public IServiceProvider Services => _app.Services;

    public static ServiceDescriptor TestService { get; } = TestReflection.Descriptor.FindTypeByName<ServiceDescriptor>("TestService");

    public static ServiceDescriptor Probe { get; } = ProbeReflection.Descriptor.FindTypeByName<ServiceDescriptor>("Probe");

    public static async Task<RpcTestServer> StartAsync(TestPki pki, Action<RpcServerOptions>? configure = null, int port = 0)
    {
        var log = new CapturedLog();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Debug);
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseRpcLimits();
            kestrel.Listen(IPAddress.Loopback, port, listen =>
            {
                listen.Protocols = HttpProtocols.Http1AndHttp2;
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = pki.Server;
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.ClientCertificateValidation = (certificate, _, _) => Trusts(pki.Authority, certificate);
                });
            });
        });
        builder.Services.AddSingleton<ProbeService>();
        builder.Services.AddRpc(configure);
        var app = builder.Build();
        app.MapRpcService<InteropService>(TestService);
        app.MapRpcService<ProbeService>(Probe);
        app.MapRpcHealth();
        app.MapRpcReflection();
        app.MapGet("/page", () => "a page");
        await app.StartAsync();
        return new RpcTestServer(app, pki, log);
    }

    public RpcChannel Channel(RpcChannelOptions? options = null) => new(
        Address,
        (options ?? new RpcChannelOptions()) with { ClientCertificate = Pki.Client, TrustedAuthorities = [Pki.Authority] });

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static bool Trusts(X509Certificate2 authority, X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}

/// <summary>What the server logged.</summary>
public sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(EventId Event, string Text)> _entries = new();

    public IReadOnlyCollection<(EventId Event, string Text)> Entries => _entries;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => category.StartsWith("Deconfliction", StringComparison.Ordinal);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._entries.Enqueue((eventId, formatter(state, exception) + exception?.Message));
    }
}
