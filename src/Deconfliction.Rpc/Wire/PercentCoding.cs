using System.Buffers;
using System.Globalization;
using System.Text;

namespace Deconfliction.Rpc.Wire;

/// <summary>The percent-encoding of <c>grpc-message</c>: UTF-8, with all but printable ASCII and the percent sign itself escaped.</summary>
internal static class PercentCoding
{
    private const int MaxChars = 4096;
    private const string Hex = "0123456789ABCDEF";

    public static string Encode(string text)
    {
        // A status is for people to read and travels in a header, whose size peers limit.
        if (text.Length > MaxChars)
        {
            text = string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[MaxChars - 1]) ? MaxChars - 1 : MaxChars), "…");
        }

        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length + 32);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= 0x20 and <= 0x7e and not (byte)'%')
            {
                encoded.Append((char)b);
            }
            else
            {
                encoded.Append('%').Append(Hex[b >> 4]).Append(Hex[b & 15]);
            }
        }

        return encoded.ToString();
    }

    /// <summary>Decodes as the protocol asks: what is no valid escape stays as it is; nothing is refused.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%', StringComparison.Ordinal))
        {
            return text;
        }

        var bytes = new ArrayBufferWriter<byte>(text.Length);
        Span<byte> utf8 = stackalloc byte[4];
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '%' && i + 2 < text.Length
                && byte.TryParse(text.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes.Write([value]);
                i += 2;
            }
            else
            {
                Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var chars);
                bytes.Write(utf8[..rune.EncodeToUtf8(utf8)]);
                i += chars - 1;
            }
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
