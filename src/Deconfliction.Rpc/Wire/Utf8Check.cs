using System.Buffers;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
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
    /// <summary>As many fields are named. A message with more is not worth telling its good parts from its bad ones.</summary>
    public const int MostFields = 1_000;

    private const int LengthDelimited = 2;

    private static readonly ConcurrentDictionary<MessageDescriptor, Utf8Check> s_checks = new();

    private readonly FrozenDictionary<int, FieldDescriptor> _fields;

    private Utf8Check(MessageDescriptor descriptor) => _fields = descriptor.Fields.InFieldNumberOrder()
        .Where(field => field.FieldType is FieldType.String or FieldType.Message)
        .ToFrozenDictionary(field => field.FieldNumber);

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

    /// <summary>
    /// Paths of the fields whose text is not UTF-8: the first in each value of the message's own fields, and at most
    /// <see cref="MostFields"/> and one. Names and numbers only: what stands in a map goes by the map's name, since its keys are the sender's.
    /// </summary>
    public static IReadOnlyList<string> Fields(MessageDescriptor descriptor, in ReadOnlySequence<byte> payload)
    {
        var found = new List<string>();
        Of(descriptor).Find(payload.ToArray(), "", MostFields + 1, found);
        return found;
    }

    private static bool IsValid(MessageDescriptor descriptor, ReadOnlySpan<byte> payload) =>
        // Most messages are ASCII throughout, which is told at the speed of memory.
        Ascii.IsValid(payload) || Of(descriptor).IsValid(payload);

    private static bool IsValid(FieldDescriptor field, ReadOnlySpan<byte> value) =>
        field.FieldType == FieldType.String ? Utf8.IsValid(value) : IsValid(field.MessageType, value);

    private static Utf8Check Of(MessageDescriptor descriptor) =>
        s_checks.TryGetValue(descriptor, out var known) ? known : s_checks.GetOrAdd(descriptor, static each => new Utf8Check(each));

    private bool IsValid(ReadOnlySpan<byte> message)
    {
        while (TryNext(ref message, out var field, out var value))
        {
            if (!IsValid(field, value))
            {
                return false;
            }
        }

        return true;
    }

    private void Find(ReadOnlySpan<byte> message, string within, int most, List<string> found)
    {
        var counts = new Dictionary<int, int>();
        while (found.Count < most && TryNext(ref message, out var field, out var value))
        {
            var number = counts.GetValueOrDefault(field.FieldNumber);
            counts[field.FieldNumber] = number + 1;
            if (IsValid(field, value))
            {
                continue;
            }

            var path = within + field.Name + (field is { IsRepeated: true, IsMap: false } ? $"[{number}]" : "");
            if (field.FieldType == FieldType.String || field.IsMap)
            {
                found.Add(path);
            }
            else
            {
                Of(field.MessageType).Find(value, path + ".", found.Count + 1, found);
            }
        }
    }

    /// <summary>Takes fields off the start of <paramref name="message"/>, up to and with the next that is text or holds some.</summary>
    private bool TryNext(ref ReadOnlySpan<byte> message, [NotNullWhen(true)] out FieldDescriptor? field, out ReadOnlySpan<byte> value)
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
            value = message[..length];
            message = message[length..];
            if (_fields.TryGetValue((int)(tag >> 3), out field))
            {
                return true;
            }
        }

        field = null;
        value = default;
        return false;
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
