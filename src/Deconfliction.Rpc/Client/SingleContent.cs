using System.Buffers;
using System.Net;
using Deconfliction.Rpc.Wire;
using Google.Protobuf;

namespace Deconfliction.Rpc.Client;

/// <summary>A request body of one message, which is all there before the call starts.</summary>
internal sealed class SingleContent : CallContent
{
    private readonly ReadOnlyMemory<byte> _frame;

    private SingleContent(ReadOnlyMemory<byte> frame) => _frame = frame;

    /// <summary>Whether a connection was there to write it to, and some of it may have left.</summary>
    public bool WasSent { get; private set; }

    public static ReadOnlyMemory<byte> Frame<T>(T message, bool compress, int maxBytes)
        where T : class, IMessage<T>
    {
        var buffer = new ArrayBufferWriter<byte>(Wire.Frame.HeaderBytes + Math.Max(16, message.CalculateSize()));
        try
        {
            MessageCodec.Encode(buffer, message, compress, maxBytes);
        }
        catch (WireException exception)
        {
            throw ResponseStatus.NotSent<T>(exception);
        }

        return buffer.WrittenMemory;
    }

    public static SingleContent Of(ReadOnlyMemory<byte> frame) => new(frame);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        WasSent = true;
        return stream.WriteAsync(_frame, cancellationToken).AsTask();
    }

    protected override bool TryComputeLength(out long length)
    {
        // No content-length: gRPC does not use it, and a wrong guess by a proxy would break the call.
        length = 0;
        return false;
    }
}
