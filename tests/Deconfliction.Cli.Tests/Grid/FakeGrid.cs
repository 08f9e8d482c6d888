using System.Net;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Cli.Tests.Grid;

/// <summary>
/// A server that speaks the protocol over mutual TLS and knows a few answers by heart. What an import claims it keeps by
/// request_id and by what is claimed, as the grid does, so that a client's resending can be judged by what it holds.
/// </summary>
public sealed class FakeGrid : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FakeGrid(WebApplication app, TestAuthority authority, FakeState state)
    {
        _app = app;
        Authority = authority;
        State = state;
        Port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;
    }

    public TestAuthority Authority { get; }

    public FakeState State { get; }

    public int Port { get; }

    public string Address => $"https://localhost:{Port}";

    public static async Task<FakeGrid> StartAsync()
    {
        var authority = new TestAuthority("Test authority");
        var state = new FakeState(authority);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.UseRpcLimits();
            kestrel.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                listen.UseHttps(https =>
                {
                    https.ServerCertificate = authority.Issue("localhost");
                    https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                    https.ClientCertificateValidation = (certificate, _, _) => authority.Trusts(certificate);
                });
            });
        });
        builder.Services.AddSingleton(state).AddSingleton<FakeClaims>().AddSingleton<FakeChecks>().AddSingleton<FakeOverlaps>()
            .AddSingleton<FakeAlerts>().AddSingleton<FakeAgencies>().AddSingleton<FakeAudit>();
        builder.Services.AddRpc();
        var app = builder.Build();
        app.MapRpcService<FakeClaims>(ClaimServiceReflection.Descriptor.Services[0]);
        app.MapRpcService<FakeChecks>(CheckServiceReflection.Descriptor.Services[0]);
        app.MapRpcService<FakeOverlaps>(OverlapServiceReflection.Descriptor.Services[0]);
        app.MapRpcService<FakeAlerts>(AlertServiceReflection.Descriptor.Services[0]);
        app.MapRpcService<FakeAgencies>(AgencyServiceReflection.Descriptor.Services[0]);
        app.MapRpcService<FakeAudit>(AuditServiceReflection.Descriptor.Services[0]);
        await app.StartAsync();
        return new FakeGrid(app, authority, state);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Authority.Dispose();
    }
}
