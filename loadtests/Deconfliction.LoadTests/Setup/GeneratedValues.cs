using System.Buffers.Binary;

namespace Deconfliction.LoadTests.Setup;

/// <summary>Identifiers by number: the same number gives the same one, and no two meet by chance.</summary>
internal static class GeneratedValues
{
    /// <summary>Their kind.</summary>
    public const string Kind = "sha256";

    /// <summary>The number's SHA-256-like value.</summary>
    public static string Sha256(long number) => Hex(number, 32);

    /// <summary>So many pseudo-random bytes of a number, in hexadecimal.</summary>
    public static string Hex(long number, int bytes)
    {
        Span<byte> buffer = stackalloc byte[40];
        for (var i = 0; i * 8 < bytes; i++)
        {
            BinaryPrimitives.WriteUInt64BigEndian(buffer[(i * 8)..], Mix(((ulong)number * 5) + (ulong)i));
        }

        return Convert.ToHexStringLower(buffer[..bytes]);
    }

    /// <summary>A pseudo-random number of a number, from 0 up to but not a bound.</summary>
    public static long Scatter(long number, long bound) => (long)(Mix((ulong)number) % (ulong)bound);

    // SplitMix64's finaliser: Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014.
    private static ulong Mix(ulong value)
    {
        value = (value + 1) * 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
