using System.Collections.ObjectModel;
using Microsoft.Extensions.DependencyInjection;

namespace Deconfliction.Rpc;

/// <summary>The rest of a call: the next interceptor, or the reading of the request, the service and the response.</summary>
public delegate Task RpcCallDelegate(ServerCallContext context);

/// <summary>
/// Stands around every call, unary and streaming: authentication, metrics, the cutting of streams. One instance serves all calls.
/// </summary>
/// <remarks>
/// It may throw <see cref="RpcException"/> before or instead of calling <c>next</c>; it may answer a call that failed by another
/// exception (the service's of a unary call comes to <see cref="Failed"/> alone); and it may end a running call from elsewhere through <see cref="ServerCallContext.Cut"/> and
/// <see cref="ServerCallContext.CutOn"/>. Calls of unknown methods do not come here.
/// </remarks>
public abstract class RpcInterceptor
{
    /// <summary>Runs a call.</summary>
    public abstract Task InvokeAsync(ServerCallContext context, RpcCallDelegate next);

    /// <summary>
    /// What a call that failed is answered with: told of every exception, also of one that <see cref="InvokeAsync"/> threw, the innermost
    /// interceptor first. By default the exception itself; an interceptor that only translates need not wait for the call. Must not throw.
    /// </summary>
    public virtual Exception Failed(ServerCallContext context, Exception exception) => exception;

    /// <summary>
    /// Told with which status a call ends, once that is decided and just before it is sent: also that of a call that was cut,
    /// came too late, or whose service failed. For metrics; must not throw.
    /// </summary>
    public virtual void Ended(ServerCallContext context, Status status)
    {
    }
}

/// <summary>The interceptors of a server, the first outermost.</summary>
public sealed class RpcInterceptorCollection : Collection<Func<IServiceProvider, RpcInterceptor>>
{
    /// <summary>Adds one that the container makes or has.</summary>
    public void Add<TInterceptor>()
        where TInterceptor : RpcInterceptor =>
        Add(static services => services.GetService<TInterceptor>() ?? ActivatorUtilities.CreateInstance<TInterceptor>(services));

    /// <summary>Adds this one.</summary>
    public void Add(RpcInterceptor interceptor)
    {
        ArgumentNullException.ThrowIfNull(interceptor);
        Add(_ => interceptor);
    }
}
