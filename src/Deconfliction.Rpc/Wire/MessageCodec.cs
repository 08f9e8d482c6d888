using System.Buffers;
using Google.Protobuf;

namespace Deconfliction.Rpc.Wire;

/// <summary>Turns payloads into messages and messages into frames.</summary>
internal static class MessageCodec
{
    public const string Identity = "identity";
    public const string GzipName = "gzip";
    public const string Accepted = "identity,gzip";

    /// <summary>Below this gzip makes messages longer; they go plain, as each message may.</summary>
    private const int MinCompressedBytes = 128;

    /// <summary>Reads a message out of a frame's payload.</summary>
    /// <exception cref="WireException">It is not one.</exception>
    public static T Decode<T>(MessageParser<T> parser, in ReadOnlySequence<byte> payload, bool compressed, bool gzip, int maxMessageBytes)
        where T : class, IMessage<T>
    {
        if (!compressed)
        {
            return Parse(parser, payload);
        }

        if (!gzip)
        {
            throw WireException.CompressedWithoutEncoding();
        }

        var plain = Gzip.Decompress(payload, maxMessageBytes, out var bytes);
        try
        {
            return Parse(parser, new ReadOnlySequence<byte>(plain, 0, bytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    /// <summary>Writes a frame with <paramref name="message"/>.</summary>
    /// <exception cref="WireException">It is over the limit.</exception>
    public static void Encode<T>(IBufferWriter<byte> output, T message, bool compress, int maxMessageBytes)
        where T : class, IMessage<T>
    {
        var bytes = message.CalculateSize();
        if (bytes > maxMessageBytes)
        {
            throw WireException.TooLarge(bytes, maxMessageBytes);
        }

        if (compress && bytes >= MinCompressedBytes)
        {
            EncodeCompressed(output, message, bytes);
            return;
        }

        Frame.WriteHeader(output, compressed: false, bytes);
        message.WriteTo(output);
    }

    private static void EncodeCompressed<T>(IBufferWriter<byte> output, T message, int bytes)
        where T : class, IMessage<T>
    {
        var plain = ArrayPool<byte>.Shared.Rent(Math.Max(bytes, 1));
        try
        {
            message.WriteTo(plain.AsSpan(0, bytes));
            using var packed = Gzip.Compress(plain.AsSpan(0, bytes));
            var packedBytes = (int)packed.Length;
            Frame.WriteHeader(output, compressed: true, packedBytes);
            output.Write(packed.GetBuffer().AsSpan(0, packedBytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }

    private static T Parse<T>(MessageParser<T> parser, in ReadOnlySequence<byte> payload)
        where T : class, IMessage<T>
    {
        T message;
        try
        {
            message = parser.ParseFrom(payload);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw WireException.Malformed(typeof(T).Name, exception);
        }

        return Utf8Check.IsValid(message.Descriptor, payload)
            ? message
            : throw WireException.InvalidUtf8(message, Utf8Check.Fields(message.Descriptor, payload));
    }
}
