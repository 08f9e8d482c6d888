using System.Buffers.Binary;
using System.Numerics;

namespace Deconfliction.Domain.Identifiers.Encodings;

/// <summary>
/// Keccak with 256 bits of output: as Ethereum and Monero use it (before NIST's padding), and as SHA3-256 (FIPS 202),
/// which the BCL has only where the platform's OpenSSL does.
/// </summary>
internal static class Keccak
{
    private const int RateBytes = 136;
    private const int Rounds = 24;

    private static readonly ulong[] RoundConstants =
    [
        0x0000000000000001, 0x0000000000008082, 0x800000000000808A, 0x8000000080008000, 0x000000000000808B, 0x0000000080000001,
        0x8000000080008081, 0x8000000000008009, 0x000000000000008A, 0x0000000000000088, 0x0000000080008009, 0x000000008000000A,
        0x000000008000808B, 0x800000000000008B, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
        0x000000000000800A, 0x800000008000000A, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008,
    ];

    private static readonly int[] Rotations = [1, 3, 6, 10, 15, 21, 28, 36, 45, 55, 2, 14, 27, 41, 56, 8, 25, 43, 62, 18, 39, 61, 20, 44];
    private static readonly int[] Lanes = [10, 7, 11, 17, 18, 3, 5, 16, 8, 21, 24, 4, 15, 23, 19, 13, 12, 2, 20, 14, 22, 9, 6, 1];

    public static byte[] Keccak256(ReadOnlySpan<byte> data) => Hash(data, padding: 0x01);

    public static byte[] Sha3256(ReadOnlySpan<byte> data) => Hash(data, padding: 0x06);

    private static byte[] Hash(ReadOnlySpan<byte> data, byte padding)
    {
        Span<ulong> state = stackalloc ulong[25];
        state.Clear();
        while (data.Length >= RateBytes)
        {
            Absorb(state, data[..RateBytes]);
            data = data[RateBytes..];
        }

        Span<byte> last = stackalloc byte[RateBytes];
        last.Clear();
        data.CopyTo(last);
        last[data.Length] = padding;
        last[^1] |= 0x80;
        Absorb(state, last);

        var hash = new byte[32];
        for (var i = 0; i < 4; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(hash.AsSpan(i * 8), state[i]);
        }

        return hash;
    }

    private static void Absorb(Span<ulong> state, ReadOnlySpan<byte> block)
    {
        for (var i = 0; i < RateBytes / 8; i++)
        {
            state[i] ^= BinaryPrimitives.ReadUInt64LittleEndian(block[(i * 8)..]);
        }

        Permute(state);
    }

    /// <summary>Keccak-f[1600]: theta, rho and pi, chi, iota.</summary>
    private static void Permute(Span<ulong> state)
    {
        Span<ulong> column = stackalloc ulong[5];
        for (var round = 0; round < Rounds; round++)
        {
            for (var x = 0; x < 5; x++)
            {
                column[x] = state[x] ^ state[x + 5] ^ state[x + 10] ^ state[x + 15] ^ state[x + 20];
            }

            for (var i = 0; i < 25; i++)
            {
                state[i] ^= column[(i + 4) % 5] ^ BitOperations.RotateLeft(column[(i + 1) % 5], 1);
            }

            var moved = state[1];
            for (var i = 0; i < Lanes.Length; i++)
            {
                (state[Lanes[i]], moved) = (BitOperations.RotateLeft(moved, Rotations[i]), state[Lanes[i]]);
            }

            for (var y = 0; y < 25; y += 5)
            {
                state.Slice(y, 5).CopyTo(column);
                for (var x = 0; x < 5; x++)
                {
                    state[y + x] = column[x] ^ (~column[(x + 1) % 5] & column[(x + 2) % 5]);
                }
            }

            state[0] ^= RoundConstants[round];
        }
    }
}
