using Google.Protobuf;

namespace Deconfliction.Rpc.Server;

internal delegate Task<TResponse> UnaryMethod<in TService, in TRequest, TResponse>(TService service, TRequest request, ServerCallContext context);

internal delegate Task ServerStreamMethod<in TService, in TRequest, out TResponse>(
    TService service, TRequest request, IServerStreamWriter<TResponse> responses, ServerCallContext context);

internal delegate Task<TResponse> ClientStreamMethod<in TService, in TRequest, TResponse>(
    TService service, IAsyncStreamReader<TRequest> requests, ServerCallContext context);

internal delegate Task DuplexMethod<in TService, in TRequest, out TResponse>(
    TService service, IAsyncStreamReader<TRequest> requests, IServerStreamWriter<TResponse> responses, ServerCallContext context);

internal sealed class UnaryHandler<TService, TRequest, TResponse>(
    RpcServer server,
    RpcMethod<TRequest, TResponse> method,
    ServiceActivator<TService> services,
    UnaryMethod<TService, TRequest, TResponse> invoke) : CallHandler(server, method.FullName, method.Type)
    where TService : class
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    protected override async Task InvokeAsync(HttpServerCallContext call)
    {
        var request = await RequestReader<TRequest>.ReadSingleAsync(call, method.RequestParser);
        var service = services.Get(call.HttpContext);
        try
        {
            var answering = invoke(service, request, call);
            await ((Task)answering).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (answering.IsCompletedSuccessfully)
            {
                await ResponseWriter<TResponse>.WriteSingleAsync(call, await answering);
            }
            else
            {
                call.Failure = answering.Exception?.InnerException ?? new TaskCanceledException(answering);
            }
        }
        finally
        {
            await services.ReleaseAsync(service);
        }
    }
}

internal sealed class ServerStreamHandler<TService, TRequest, TResponse>(
    RpcServer server,
    RpcMethod<TRequest, TResponse> method,
    ServiceActivator<TService> services,
    ServerStreamMethod<TService, TRequest, TResponse> invoke) : CallHandler(server, method.FullName, method.Type)
    where TService : class
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    protected override async Task InvokeAsync(HttpServerCallContext call)
    {
        var request = await RequestReader<TRequest>.ReadSingleAsync(call, method.RequestParser);
        var service = services.Get(call.HttpContext);
        try
        {
            await invoke(service, request, new ResponseWriter<TResponse>(call), call);
        }
        finally
        {
            await services.ReleaseAsync(service);
        }
    }
}

internal sealed class ClientStreamHandler<TService, TRequest, TResponse>(
    RpcServer server,
    RpcMethod<TRequest, TResponse> method,
    ServiceActivator<TService> services,
    ClientStreamMethod<TService, TRequest, TResponse> invoke) : CallHandler(server, method.FullName, method.Type)
    where TService : class
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    protected override async Task InvokeAsync(HttpServerCallContext call)
    {
        var service = services.Get(call.HttpContext);
        try
        {
            var response = await invoke(service, new RequestReader<TRequest>(call, method.RequestParser), call);
            await ResponseWriter<TResponse>.WriteSingleAsync(call, response);
        }
        finally
        {
            await services.ReleaseAsync(service);
        }
    }
}

internal sealed class DuplexHandler<TService, TRequest, TResponse>(
    RpcServer server,
    RpcMethod<TRequest, TResponse> method,
    ServiceActivator<TService> services,
    DuplexMethod<TService, TRequest, TResponse> invoke) : CallHandler(server, method.FullName, method.Type)
    where TService : class
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    protected override async Task InvokeAsync(HttpServerCallContext call)
    {
        var service = services.Get(call.HttpContext);
        try
        {
            var requests = new RequestReader<TRequest>(call, method.RequestParser);
            await invoke(service, requests, new ResponseWriter<TResponse>(call), call);
        }
        finally
        {
            await services.ReleaseAsync(service);
        }
    }
}
