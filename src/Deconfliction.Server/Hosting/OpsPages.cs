using System.Net;
using System.Security.Cryptography.X509Certificates;
using Deconfliction.Dashboard.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Deconfliction.Server.Hosting;

/// <summary>
/// The operations listener. Open to anybody who reaches it: whether the server lives, and whether it is ready. Everything else is the
/// dashboard's, which asks who is there.
/// </summary>
internal static class OpsPages
{
    /// <summary>Marks connections of this listener, so that nothing of it is reachable by another and the other way round.</summary>
    /// <param name="listen">The listener.</param>
    /// <param name="certificate">Its certificate, for each handshake; nothing without TLS.</param>
    public static void UseOps(this ListenOptions listen, Func<X509Certificate2>? certificate)
    {
        listen.Protocols = HttpProtocols.Http1;
        if (certificate is not null)
        {
            listen.UseHttps(https => https.ServerCertificateSelector = (_, _) => certificate());
        }

        listen.Use(next => connection =>
        {
            connection.Features.Set(Mark.Instance);
            return next(connection);
        });
    }

    /// <summary>Answers what comes by the operations listener.</summary>
    public static void UseOpsPages(this IApplicationBuilder app)
    {
        var readiness = app.ApplicationServices.GetRequiredService<Readiness>();
        var dashboard = app.ApplicationServices.GetRequiredService<OpsDashboard>();
        dashboard.Metrics = app.New().UseOpenTelemetryPrometheusScrapingEndpoint("/metrics").Build();
        app.Use((context, next) => context.Features.Get<Mark>() is null ? next(context) : AnswerAsync(context, readiness, dashboard));
    }

    private static async Task AnswerAsync(HttpContext context, Readiness readiness, OpsDashboard dashboard)
    {
        if (context.Request.Path.Value is not ("/health/live" or "/health/ready"))
        {
            await (context.Request.IsHttps || (context.Connection.RemoteIpAddress is { } peer && IPAddress.IsLoopback(peer))
                ? dashboard.HandleAsync(context)
                : RefuseAsync(context));
            return;
        }

        context.Response.Headers.CacheControl = "no-store";
        var (status, text) = context.Request.Path.Value switch
        {
            "/health/live" => (StatusCodes.Status200OK, "live"),
            // 404 is what balancers take for "nothing new for this one, and leave what it has" (HAProxy's http-check disable-on-404).
            "/health/ready" when readiness.IsStopping => (StatusCodes.Status404NotFound, "not ready: stopping"),
            "/health/ready" when readiness.Problem is { Length: > 0 } problem => (StatusCodes.Status503ServiceUnavailable, "not ready: " + problem),
            _ => (StatusCodes.Status200OK, "ready"),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    // A secret would cross the network in clear.
    private static Task RefuseAsync(HttpContext context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync("Without TLS only /health is served to other machines. Set --ops-tls.\n", context.RequestAborted);
    }

    private sealed class Mark
    {
        public static Mark Instance { get; } = new();
    }
}
