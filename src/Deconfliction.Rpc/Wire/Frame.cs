using System.Buffers;
using System.Buffers.Binary;

namespace Deconfliction.Rpc.Wire;

/// <summary>What stands at the start of a buffer.</summary>
internal enum FrameState
{
    /// <summary>Not yet a whole message.</summary>
    Incomplete,

    /// <summary>A whole message.</summary>
    Complete,

    /// <summary>The first byte is neither 0 nor 1.</summary>
    ReservedFlag,

    /// <summary>The message is longer than is taken; it was not waited for.</summary>
    TooLarge,
}

/// <summary>
/// The length-prefixed message of PROTOCOL-HTTP2.md: a flag byte (0 plain, 1 compressed), four bytes of length, big-endian, and
/// the message.
/// </summary>
internal static class Frame
{
    public const int HeaderBytes = 5;

    /// <summary>Takes one message off the start of <paramref name="buffer"/>; leaves it untouched unless Complete.</summary>
    public static FrameState TryRead(
        ref ReadOnlySequence<byte> buffer,
        int maxMessageBytes,
        out bool compressed,
        out ReadOnlySequence<byte> payload,
        out uint payloadBytes)
    {
        payload = default;
        compressed = false;
        payloadBytes = 0;
        if (buffer.Length < HeaderBytes)
        {
            // A wrong flag is told at once: the peer need not send what will not be read.
            return !buffer.IsEmpty && FirstByte(buffer) > 1 ? FrameState.ReservedFlag : FrameState.Incomplete;
        }

        Span<byte> copy = stackalloc byte[HeaderBytes];
        scoped ReadOnlySpan<byte> header;
        if (buffer.FirstSpan.Length >= HeaderBytes)
        {
            header = buffer.FirstSpan[..HeaderBytes];
        }
        else
        {
            buffer.Slice(0, HeaderBytes).CopyTo(copy);
            header = copy;
        }

        if (header[0] > 1)
        {
            return FrameState.ReservedFlag;
        }

        payloadBytes = BinaryPrimitives.ReadUInt32BigEndian(header[1..]);
        if (payloadBytes > (uint)maxMessageBytes)
        {
            return FrameState.TooLarge;
        }

        if (buffer.Length < HeaderBytes + payloadBytes)
        {
            return FrameState.Incomplete;
        }

        compressed = header[0] == 1;
        payload = buffer.Slice(HeaderBytes, payloadBytes);
        buffer = buffer.Slice(payload.End);
        return FrameState.Complete;
    }

    /// <summary>The first byte, wherever it lies: leading segments may be empty.</summary>
    private static byte FirstByte(in ReadOnlySequence<byte> buffer)
    {
        Span<byte> first = stackalloc byte[1];
        buffer.Slice(0, 1).CopyTo(first);
        return first[0];
    }

    /// <summary>Writes the five bytes in front of a message.</summary>
    public static void WriteHeader(IBufferWriter<byte> output, bool compressed, int payloadBytes)
    {
        var header = output.GetSpan(HeaderBytes);
        header[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt32BigEndian(header[1..], (uint)payloadBytes);
        output.Advance(HeaderBytes);
    }
}
