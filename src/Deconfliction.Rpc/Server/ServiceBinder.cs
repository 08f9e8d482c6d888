using System.Reflection;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Deconfliction.Rpc.Server;

/// <summary>Binds a descriptor's methods to a class's methods of the same name, once, at start; calls then go through delegates.</summary>
internal static class ServiceBinder
{
    private static readonly MethodInfo s_bind = typeof(ServiceBinder).GetMethod(nameof(BindTyped), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <exception cref="InvalidOperationException">The class lacks the method, or has it in another shape.</exception>
    public static CallHandler Bind<TService>(RpcServer server, ServiceActivator<TService> services, MethodDescriptor method)
        where TService : class =>
        (CallHandler)s_bind
            .MakeGenericMethod(typeof(TService), method.InputType.ClrType, method.OutputType.ClrType)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, binder: null, [server, services, method], culture: null)!;

    private static CallHandler BindTyped<TService, TRequest, TResponse>(RpcServer server, ServiceActivator<TService> services, MethodDescriptor descriptor)
        where TService : class
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        var method = RpcMethod.From<TRequest, TResponse>(descriptor);
        return method.Type switch
        {
            RpcMethodType.Unary => new UnaryHandler<TService, TRequest, TResponse>(
                server, method, services, Delegate<TService, UnaryMethod<TService, TRequest, TResponse>>(descriptor)),
            RpcMethodType.ServerStreaming => new ServerStreamHandler<TService, TRequest, TResponse>(
                server, method, services, Delegate<TService, ServerStreamMethod<TService, TRequest, TResponse>>(descriptor)),
            RpcMethodType.ClientStreaming => new ClientStreamHandler<TService, TRequest, TResponse>(
                server, method, services, Delegate<TService, ClientStreamMethod<TService, TRequest, TResponse>>(descriptor)),
            _ => new DuplexHandler<TService, TRequest, TResponse>(
                server, method, services, Delegate<TService, DuplexMethod<TService, TRequest, TResponse>>(descriptor)),
        };
    }

    private static TDelegate Delegate<TService, TDelegate>(MethodDescriptor descriptor)
        where TDelegate : Delegate
    {
        var shape = typeof(TDelegate).GetMethod(nameof(Action.Invoke))!;
        Type[] parameters = [.. shape.GetParameters().Skip(1).Select(parameter => parameter.ParameterType)];
        var method = typeof(TService).GetMethod(descriptor.Name, BindingFlags.Public | BindingFlags.Instance, parameters);
        if (method is null || !shape.ReturnType.IsAssignableFrom(method.ReturnType))
        {
            throw new InvalidOperationException(
                $"{typeof(TService).FullName} lacks the method {descriptor.FullName}. Add: public "
                + $"{Show(shape.ReturnType)} {descriptor.Name}({string.Join(", ", parameters.Select(Show))})");
        }

        return method.CreateDelegate<TDelegate>();
    }

    private static string Show(Type type) => type.IsGenericType
        ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Show))}>"
        : type.Name;
}
