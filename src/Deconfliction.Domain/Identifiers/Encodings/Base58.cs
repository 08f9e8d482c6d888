using System.Security.Cryptography;

namespace Deconfliction.Domain.Identifiers.Encodings;

/// <summary>Base58 with Bitcoin's alphabet, and Base58Check over it (four bytes of a double SHA-256).</summary>
internal static class Base58
{
    public const string Alphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    private const int ChecksumLength = 4;
    private const int MaximumLength = 128;

    /// <summary>The bytes, leading zeros as leading ones; null where the text is not base58 or over 128 characters.</summary>
    public static byte[]? Decode(ReadOnlySpan<char> text)
    {
        if (text.Length is 0 or > MaximumLength)
        {
            return null;
        }

        var zeros = 0;
        while (zeros < text.Length && text[zeros] == Alphabet[0])
        {
            zeros++;
        }

        var number = new byte[text.Length];
        foreach (var c in text)
        {
            var carry = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (carry < 0)
            {
                return null;
            }

            for (var i = number.Length - 1; i >= 0; i--)
            {
                carry += 58 * number[i];
                number[i] = (byte)carry;
                carry >>= 8;
            }
        }

        var start = Array.FindIndex(number, b => b != 0);
        return start < 0 ? new byte[zeros] : [.. new byte[zeros], .. number[start..]];
    }

    /// <summary>The payload of a Base58Check text, version byte included; null where it is none or the checksum is wrong.</summary>
    public static byte[]? DecodeChecked(ReadOnlySpan<char> text)
    {
        if (Decode(text) is not { Length: > ChecksumLength } bytes)
        {
            return null;
        }

        var payload = bytes[..^ChecksumLength];
        return Checksum(payload).SequenceEqual(bytes[^ChecksumLength..]) ? payload : null;
    }

    public static string EncodeChecked(byte[] payload)
    {
        byte[] bytes = [.. payload, .. Checksum(payload)];
        var number = new System.Numerics.BigInteger(bytes, isUnsigned: true, isBigEndian: true);
        var text = new Stack<char>();
        while (!number.IsZero)
        {
            number = System.Numerics.BigInteger.DivRem(number, 58, out var digit);
            text.Push(Alphabet[(int)digit]);
        }

        foreach (var _ in bytes.TakeWhile(b => b == 0))
        {
            text.Push(Alphabet[0]);
        }

        return string.Concat(text);
    }

    private static byte[] Checksum(byte[] payload) => SHA256.HashData(SHA256.HashData(payload))[..ChecksumLength];
}
