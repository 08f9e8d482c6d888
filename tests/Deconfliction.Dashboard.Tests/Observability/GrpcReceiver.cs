using System.Collections.Concurrent;
using Deconfliction.Testing.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Deconfliction.Dashboard.Tests.Observability;

/// <summary>What a collector's OTLP receiver is to who pushes: gRPC on HTTP/2 without TLS. It notes the calls, and answers that all was taken.</summary>
internal sealed class GrpcReceiver : IAsyncDisposable
{
    private readonly WebApplication _host;
    private readonly ConcurrentQueue<string> _received;

    private GrpcReceiver(WebApplication host, int port, ConcurrentQueue<string> received) => (_host, Port, _received) = (host, port, received);

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Each call: method, protocol, content and what it was authorised by.</summary>
    public IReadOnlyList<string> Received => [.. _received];

    /// <summary>Listens from now on.</summary>
    public static async Task<GrpcReceiver> StartAsync()
    {
        var port = NodeProcess.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, static listen => listen.Protocols = HttpProtocols.Http2));
        var host = builder.Build();
        var received = new ConcurrentQueue<string>();
        host.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            // A message uncompressed (or not), its length, and the message: gRPC over HTTP/2.
            Assert.True(body.Length > 5);
            received.Enqueue($"{context.Request.Path} {context.Request.Protocol} {context.Request.ContentType} {context.Request.Headers.Authorization}");
            context.Response.ContentType = "application/grpc";
            await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        });
        await host.StartAsync();
        return new GrpcReceiver(host, port, received);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
