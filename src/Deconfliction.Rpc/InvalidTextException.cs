using Google.Protobuf;

namespace Deconfliction.Rpc;

/// <summary>
/// A request is whole, but some of its text is not UTF-8, which proto3 wants. It ends the call with INVALID_ARGUMENT and the fields, unless
/// a service that reads a stream catches it and goes on: the next read is of the next message.
/// </summary>
public sealed class InvalidTextException : RpcException
{
    internal InvalidTextException(RpcException told, IMessage request, IReadOnlyList<string> fields)
        : base(told.Status, told.Trailers, told.InnerException) => (Request, Fields) = (request, fields);

    /// <summary>The request; where its text cannot be read it has U+FFFD, and must not be taken for what was sent.</summary>
    public IMessage Request { get; }

    /// <summary>
    /// Paths of fields that are wrong, such as <c>items[2].claim.contact</c>: in each value of the request's own fields the first, so
    /// that whatever is not under one of these values was sent as it stands.
    /// </summary>
    public IReadOnlyList<string> Fields { get; }
}
