using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text;
using System.Text.Unicode;
using Google.Protobuf.Reflection;

namespace Deconfliction.Rpc.Wire;

/// <summary>
/// proto3 wants valid UTF-8 in text fields and tells parsers to refuse others; Google.Protobuf for C# puts U+FFFD in its place
/// instead, so that what is stored would differ from what was sent. This walks the bytes of a message that has been parsed (and so
/// is well-formed) and looks at its text fields only.
/// </summary>
internal sealed class Utf8Check
{
    private const int LengthDelimited = 2;

    private static readonly ConcurrentDictionary<MessageDescriptor, Utf8Check> s_checks = new();

    private readonly FrozenDictionary<int, MessageDescriptor?> _fields;

    private Utf8Check(MessageDescriptor descriptor) => _fields = descriptor.Fields.InFieldNumberOrder()
        .Where(field => field.FieldType is FieldType.String or FieldType.Message)
        .ToFrozenDictionary(field => field.FieldNumber, field => field.FieldType == FieldType.Message ? field.MessageType : null);

    /// <summary>Whether all text in <paramref name="payload"/> is UTF-8.</summary>
    public static bool IsValid(MessageDescriptor descriptor, in ReadOnlySequence<byte> payload)
    {
        if (payload.IsSingleSegment)
        {
            return IsValid(descriptor, payload.FirstSpan);
        }

        var bytes = (int)payload.Length;
        var copy = ArrayPool<byte>.Shared.Rent(bytes);
        try
        {
            payload.CopyTo(copy);
            return IsValid(descriptor, copy.AsSpan(0, bytes));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private static bool IsValid(MessageDescriptor descriptor, ReadOnlySpan<byte> payload) =>
        // Most messages are ASCII throughout, which is told at the speed of memory.
        Ascii.IsValid(payload) || Of(descriptor).Walk(payload);

    private static Utf8Check Of(MessageDescriptor descriptor) =>
        s_checks.TryGetValue(descriptor, out var known) ? known : s_checks.GetOrAdd(descriptor, static each => new Utf8Check(each));

    private bool Walk(ReadOnlySpan<byte> message)
    {
        while (!message.IsEmpty)
        {
            var tag = Varint(ref message);
            if ((tag & 7) != LengthDelimited)
            {
                Skip(tag, ref message);
                continue;
            }

            var length = (int)Varint(ref message);
            var value = message[..length];
            message = message[length..];
            if (_fields.TryGetValue((int)(tag >> 3), out var nested) && !(nested is null ? Utf8.IsValid(value) : IsValid(nested, value)))
            {
                return false;
            }
        }

        return true;
    }

    private static void Skip(ulong tag, ref ReadOnlySpan<byte> message)
    {
        switch (tag & 7)
        {
            case 0:
                Varint(ref message);
                break;
            case 1:
                message = message[8..];
                break;
            case LengthDelimited:
                message = message[(int)Varint(ref message)..];
                break;
            case 3:
                SkipGroup(ref message);
                break;
            case 5:
                message = message[4..];
                break;
        }
    }

    /// <summary>proto3 has no groups: one that comes is an unknown field, and its text is nobody's.</summary>
    private static void SkipGroup(ref ReadOnlySpan<byte> message)
    {
        for (var depth = 1; depth > 0;)
        {
            var tag = Varint(ref message);
            switch (tag & 7)
            {
                case 3:
                    depth++;
                    break;
                case 4:
                    depth--;
                    break;
                default:
                    Skip(tag, ref message);
                    break;
            }
        }
    }

    private static ulong Varint(ref ReadOnlySpan<byte> message)
    {
        ulong value = 0;
        for (var i = 0; ; i++)
        {
            var next = message[i];
            value |= (ulong)(next & 0x7f) << (7 * i);
            if (next < 0x80)
            {
                message = message[(i + 1)..];
                return value;
            }
        }
    }
}
