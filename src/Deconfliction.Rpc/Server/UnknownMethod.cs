using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Deconfliction.Rpc.Server;

/// <summary>
/// Answers gRPC calls of methods that nobody serves. It stands behind the endpoints: one of its own for every path would have the router
/// take each call's path apart for it.
/// </summary>
internal sealed class UnknownMethod(RpcServer server) : IStartupFilter
{
    /// <inheritdoc/>
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        next(app);
        app.Use(Answer);
    };

    /// <summary>Only gRPC requests are answered: the host's pages, files and 404s stay its own.</summary>
    private Task Answer(HttpContext http, RequestDelegate next)
    {
        if (!HttpMethods.IsPost(http.Request.Method) || !RequestGate.IsGrpc(http.Request.ContentType) || server.Services.Count == 0)
        {
            return next(http);
        }

        if (RequestGate.Accept(http))
        {
            var started = server.Time.GetTimestamp();
            // The path is the client's own text: it is not repeated.
            var error = RichError.Unimplemented("This server has no such service or method. Ask grpc.reflection.v1 for those it has.")
                .WithInfo("UNKNOWN_METHOD")
                .ToException();
            CallEnding.Write(http, error.Status, callTrailers: null, error.Trailers);
            server.Meters.Ended(method: null, error.StatusCode, server.Time.GetElapsedTime(started));
        }

        return Task.CompletedTask;
    }
}
