using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Deconfliction.Rpc.Server;

/// <summary>Answers gRPC calls of methods that nobody serves.</summary>
internal sealed class UnknownMethod(RpcServer server) : IRouteConstraint
{
    /// <summary>Only gRPC requests come here: the host's pages, files and 404s stay its own.</summary>
    public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
        httpContext is null || (HttpMethods.IsPost(httpContext.Request.Method) && RequestGate.IsGrpc(httpContext.Request.ContentType));

    public Task HandleAsync(HttpContext http)
    {
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
