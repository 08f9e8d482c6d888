using System.Buffers.Binary;
using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>
/// A Monero address: base58 in blocks of 8 bytes, closed by four bytes of Keccak-256. Integrated addresses carry a
/// payment id and stay as they are.
/// </summary>
internal static class MoneroAddress
{
    private const int BlockCharacters = 11;
    private const int ChecksumLength = 4;

    /// <summary>How many bytes a block of so many characters has; -1 where no block has so many.</summary>
    private static readonly int[] BlockBytes = [0, -1, 1, 2, -1, 3, 4, 5, -1, 6, 7, 8];

    public static Ruling Apply(string address)
    {
        if (address.Length is not (95 or 106) || Decode(address) is not { } bytes)
        {
            return WalletRule.Refuse(address, "a Monero address has 95 or 106 base58 characters");
        }

        if (!Keccak.Keccak256(bytes.AsSpan(0, bytes.Length - ChecksumLength)).AsSpan(0, ChecksumLength).SequenceEqual(bytes.AsSpan(bytes.Length - ChecksumLength)))
        {
            return WalletRule.Refuse(address, "its checksum is wrong");
        }

        // Main network: 18 standard, 42 sub-address, 19 integrated.
        var isMain = address.Length == 95 ? bytes[0] is 18 or 42 : bytes[0] == 19;
        return isMain ? Ruling.Accept(address) : WalletRule.Refuse(address, "it is one of a test network");
    }

    private static byte[]? Decode(string address)
    {
        var bytes = new List<byte>();
        Span<byte> buffer = stackalloc byte[8];
        for (var start = 0; start < address.Length; start += BlockCharacters)
        {
            var block = address.AsSpan(start, Math.Min(BlockCharacters, address.Length - start));
            UInt128 number = 0;
            foreach (var c in block)
            {
                var digit = Base58.Alphabet.IndexOf(c, StringComparison.Ordinal);
                if (digit < 0)
                {
                    return null;
                }

                number = (number * 58) + (uint)digit;
            }

            var length = BlockBytes[block.Length];
            if (length < 0 || number >> (8 * length) != 0)
            {
                return null;
            }

            BinaryPrimitives.WriteUInt64BigEndian(buffer, (ulong)number);
            bytes.AddRange(buffer[(8 - length)..]);
        }

        return [.. bytes];
    }
}
