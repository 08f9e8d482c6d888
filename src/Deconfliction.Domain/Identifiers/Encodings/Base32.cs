namespace Deconfliction.Domain.Identifiers.Encodings;

/// <summary>Base32 (RFC 4648, section 6) without padding, in any case.</summary>
internal static class Base32
{
    /// <summary>The bytes, or null where the text is not base32 of whole bytes.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        var bytes = new byte[text.Length * 5 / 8];
        var length = 0;
        var bits = 0;
        var buffer = 0;
        foreach (var c in text)
        {
            var digit = c switch
            {
                >= 'a' and <= 'z' => c - 'a',
                >= 'A' and <= 'Z' => c - 'A',
                >= '2' and <= '7' => c - '2' + 26,
                _ => -1,
            };
            if (digit < 0)
            {
                return null;
            }

            buffer = (buffer << 5) | digit;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes[length++] = (byte)(buffer >> bits);
                buffer &= (1 << bits) - 1;
            }
        }

        // Bits that belong to no byte must be zero, or two texts would mean the same bytes.
        return bits < 5 && buffer == 0 ? bytes : null;
    }
}
