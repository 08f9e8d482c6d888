using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Deconfliction.Rpc;

/// <summary>The shape of a method.</summary>
public enum RpcMethodType
{
    /// <summary>One request, one response.</summary>
    Unary,

    /// <summary>Many requests, one response.</summary>
    ClientStreaming,

    /// <summary>One request, many responses.</summary>
    ServerStreaming,

    /// <summary>Many requests and responses, independent of each other.</summary>
    DuplexStreaming,
}

/// <summary>Makes <see cref="RpcMethod{TRequest,TResponse}"/>.</summary>
public static class RpcMethod
{
    /// <summary>The method that <paramref name="descriptor"/> describes.</summary>
    /// <exception cref="ArgumentException">The descriptor is null or has other message types.</exception>
    public static RpcMethod<TRequest, TResponse> From<TRequest, TResponse>(MethodDescriptor? descriptor)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        if (descriptor is null)
        {
            throw new ArgumentException($"There is no such method in the descriptor (asked for {typeof(TRequest).Name} → {typeof(TResponse).Name}).", nameof(descriptor));
        }

        if (descriptor.InputType.ClrType != typeof(TRequest) || descriptor.OutputType.ClrType != typeof(TResponse))
        {
            throw new ArgumentException(
                $"{descriptor.FullName} takes {descriptor.InputType.FullName} and returns {descriptor.OutputType.FullName}, not {typeof(TRequest).Name} and {typeof(TResponse).Name}.",
                nameof(descriptor));
        }

        return new RpcMethod<TRequest, TResponse>(
            descriptor.Service.FullName,
            descriptor.Name,
            TypeOf(descriptor),
            (MessageParser<TRequest>)descriptor.InputType.Parser,
            (MessageParser<TResponse>)descriptor.OutputType.Parser);
    }

    internal static RpcMethodType TypeOf(MethodDescriptor descriptor) => (descriptor.IsClientStreaming, descriptor.IsServerStreaming) switch
    {
        (false, false) => RpcMethodType.Unary,
        (true, false) => RpcMethodType.ClientStreaming,
        (false, true) => RpcMethodType.ServerStreaming,
        (true, true) => RpcMethodType.DuplexStreaming,
    };
}

/// <summary>A method as a client and a server know it.</summary>
/// <param name="Service">The service's full name: <c>package.Service</c>.</param>
/// <param name="Name">The method's own name.</param>
/// <param name="Type">Its shape.</param>
/// <param name="RequestParser">Reads requests.</param>
/// <param name="ResponseParser">Reads responses.</param>
public sealed record RpcMethod<TRequest, TResponse>(
    string Service,
    string Name,
    RpcMethodType Type,
    MessageParser<TRequest> RequestParser,
    MessageParser<TResponse> ResponseParser)
    where TRequest : class, IMessage<TRequest>
    where TResponse : class, IMessage<TResponse>
{
    /// <summary>The path on the wire: <c>/package.Service/Method</c>.</summary>
    public string FullName { get; } = $"/{Service}/{Name}";

    /// <summary>
    /// Whether sending the same request twice has the effect of sending it once (it only reads, or carries a request_id).
    /// Only then does a client repeat it by itself.
    /// </summary>
    public bool IsRetrySafe { get; init; }

    /// <summary>The same method, declared safe to repeat.</summary>
    public RpcMethod<TRequest, TResponse> AsRetrySafe() => this with { IsRetrySafe = true };
}
