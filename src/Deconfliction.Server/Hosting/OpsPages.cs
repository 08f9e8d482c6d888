using System.Net;
using Deconfliction.Dashboard.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Deconfliction.Server.Hosting;

/// <summary>
/// The operations listener. Open to anybody who reaches it: whether the server lives, and whether it is ready. Everything else is the
/// dashboard's, which asks who is there.
/// </summary>
internal static class OpsPages
{
    /// <summary>What answers.</summary>
    public static RequestDelegate Build(IServiceProvider services)
    {
        var readiness = services.GetRequiredService<Readiness>();
        var dashboard = services.GetRequiredService<OpsDashboard>();
        dashboard.Metrics = new ApplicationBuilder(services).UseOpenTelemetryPrometheusScrapingEndpoint("/metrics").Build();
        return context => AnswerAsync(context, readiness, dashboard);
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
}
