using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace Deconfliction.Server.Hosting;

/// <summary>The pages of the operations listener: whether the server lives, whether it is ready, and what its edition adds. Nothing else is served there.</summary>
internal static class OpsPages
{
    /// <summary>Marks connections of this listener, so that nothing of it is reachable by another and the other way round.</summary>
    public static void UseOps(this ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
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
        var edition = app.ApplicationServices.GetRequiredService<IEdition>();
        app.Use((context, next) => context.Features.Get<Mark>() is null ? next(context) : AnswerAsync(context, readiness, edition));
    }

    private static async Task AnswerAsync(HttpContext context, Readiness readiness, IEdition edition)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (await edition.PageAsync(context.Request.Path.Value ?? "", context.RequestAborted) is { } page)
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            await context.Response.WriteAsync(page + "\n", context.RequestAborted);
            return;
        }

        var (status, text) = context.Request.Path.Value switch
        {
            "/health/live" => (StatusCodes.Status200OK, "live"),
            "/health/ready" when readiness.Problem is { Length: > 0 } problem => (StatusCodes.Status503ServiceUnavailable, "not ready: " + problem),
            "/health/ready" => (StatusCodes.Status200OK, "ready"),
            _ => (StatusCodes.Status404NotFound, "Here are /health/live and /health/ready."),
        };
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    private sealed class Mark
    {
        public static Mark Instance { get; } = new();
    }
}
