using System.Globalization;
using System.Text;

namespace Deconfliction.Domain.Identifiers.Rules;

internal static class PercentEncoding
{
    /// <summary>Encodes what is not ASCII, and the given ASCII characters (WHATWG URL, section 1.3); the text holds no controls.</summary>
    public static string Encode(string text, string encoded)
    {
        if (Ascii.IsValid(text) && !text.AsSpan().ContainsAny(encoded))
        {
            return text;
        }

        var output = new StringBuilder(text.Length + 16);
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.IsAscii && !encoded.Contains((char)rune.Value, StringComparison.Ordinal))
            {
                output.Append((char)rune.Value);
                continue;
            }

            foreach (var octet in bytes[..rune.EncodeToUtf8(bytes)])
            {
                output.Append(CultureInfo.InvariantCulture, $"%{octet:X2}");
            }
        }

        return output.ToString();
    }
}
