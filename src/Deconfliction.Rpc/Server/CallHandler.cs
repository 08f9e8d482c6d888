using Deconfliction.Rpc.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Deconfliction.Rpc.Server;

/// <summary>
/// Runs the calls of one method: opens the call, sends it through the interceptors to the service, and turns however that ends
/// into a status. Whatever is thrown, the client gets a status and no detail that was not meant for it.
/// </summary>
internal abstract class CallHandler
{
    private readonly RpcServer _server;
    private readonly string _method;
    private readonly string _measuredAs;
    private readonly RpcMethodType _type;
    private readonly RpcCallDelegate _pipeline;

    protected CallHandler(RpcServer server, string method, RpcMethodType type)
    {
        _server = server;
        _method = method;
        _measuredAs = RpcMeters.NameOf(method);
        _type = type;
        RpcCallDelegate pipeline = context => InvokeAsync((HttpServerCallContext)context);
        foreach (var interceptor in server.Interceptors.Reverse())
        {
            var next = pipeline;
            pipeline = context => interceptor.InvokeAsync(context, next);
        }

        _pipeline = pipeline;
    }

    public async Task HandleAsync(HttpContext http)
    {
        if (!RequestGate.Accept(http))
        {
            return;
        }

        var started = _server.Time.GetTimestamp();
        var call = new HttpServerCallContext(http, _server, _method, _type);
        RpcException? error = null;
        try
        {
            LiftBodyLimits(http);
            call.Open();
            await _pipeline(call);
            error = call.Failure is { } failure ? Answer(call, Translated(call, failure)) : Overruled(call);
        }
        catch (Exception exception)
        {
            error = Answer(call, Translated(call, exception));
        }
        finally
        {
            call.Lifetime.Close();
        }

        if (error is null && !http.Response.HasStarted && call.Status.StatusCode == StatusCode.OK)
        {
            // A stream without messages: headers and trailers, so that clients need not know Trailers-Only for success.
            await call.StartResponseAsync();
        }

        var status = error?.Status ?? call.Status;
        _server.Meters.Ended(_measuredAs, status.StatusCode, _server.Time.GetElapsedTime(started));
        foreach (var interceptor in _server.Interceptors)
        {
            interceptor.Ended(call, status);
        }

        CallEnding.Write(http, status, call.HasTrailers ? call.ResponseTrailers : null, error?.Trailers);
    }

    protected abstract Task InvokeAsync(HttpServerCallContext call);

    /// <summary>Messages have their own limit, and a stream may be silent for as long as it likes (keep-alive pings watch the connection).</summary>
    private void LiftBodyLimits(HttpContext http)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        if (_type is RpcMethodType.ClientStreaming or RpcMethodType.DuplexStreaming && http.Features.Get<Microsoft.AspNetCore.Server.Kestrel.Core.Features.IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }
    }

    /// <summary>
    /// A service that returns normally after its call was cut, or a stream that returns because its token was cancelled, is
    /// overruled by the reason. A unary call that was done just past its deadline is not: its client decides.
    /// </summary>
    private static RpcException? Overruled(HttpServerCallContext call) =>
        call.IsStream || call.Lifetime.IsCut ? call.Lifetime.Reason : null;

    private Exception Translated(HttpServerCallContext call, Exception exception)
    {
        for (var i = _server.Interceptors.Length - 1; i >= 0; i--)
        {
            exception = _server.Interceptors[i].Failed(call, exception);
        }

        return exception;
    }

    private RpcException Answer(HttpServerCallContext call, Exception exception)
    {
        var reason = call.Lifetime.Reason ?? (call.Lifetime.ClientGone ? CallLifetime.ClientGoneReason : null);
        if (reason is not null && (call.Lifetime.IsCut || exception is not RpcException))
        {
            if (exception is not (OperationCanceledException or RpcException))
            {
                RpcServerLog.CallFailedAfterCancel(_server.Log, _method, reason.StatusCode, exception);
            }

            return reason;
        }

        switch (exception)
        {
            case RpcException told:
                RpcServerLog.CallRefused(_server.Log, _method, told.StatusCode);
                return told.StatusCode == StatusCode.OK ? new RpcException(new Status(StatusCode.Unknown, "The service failed with the status OK.")) : told;
            case BadHttpRequestException bad:
                RpcServerLog.CallRefused(_server.Log, _method, StatusCode.InvalidArgument);
                return RequestErrors.From(bad);
            default:
                RpcServerLog.CallFailed(_server.Log, _method, exception);
                return new RpcException(new Status(StatusCode.Unknown, "The server failed to handle the call; its log has the cause."));
        }
    }
}
