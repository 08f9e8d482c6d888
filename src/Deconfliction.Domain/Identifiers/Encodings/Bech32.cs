namespace Deconfliction.Domain.Identifiers.Encodings;

/// <summary>Segwit addresses: Bech32 for witness version 0 (BIP-173), Bech32m for later ones (BIP-350).</summary>
internal static class Bech32
{
    private const string Alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private const uint Bech32Constant = 1;
    private const uint Bech32mConstant = 0x2bc830a3;
    private const int ChecksumLength = 6;
    private const int MaximumLength = 90;

    /// <summary>Why the text is no segwit address with this prefix; null where it is one. Its canonical form is its lower case.</summary>
    public static string? WhyNotSegwit(string text, string prefix)
    {
        var lower = text.ToLowerInvariant();
        if (!string.Equals(lower, text, StringComparison.Ordinal) && !string.Equals(text.ToUpperInvariant(), text, StringComparison.Ordinal))
        {
            return "upper and lower case are mixed (BIP-173)";
        }

        if (lower.Length > MaximumLength || !lower.StartsWith(prefix + "1", StringComparison.Ordinal)
            || lower.Length < prefix.Length + 1 + ChecksumLength + 1)
        {
            return $"it is not a {prefix}1... address of a right length (BIP-173)";
        }

        var values = new List<int>();
        foreach (var c in lower.AsSpan(prefix.Length + 1))
        {
            var value = Alphabet.IndexOf(c, StringComparison.Ordinal);
            if (value < 0)
            {
                return "it holds a character that Bech32 does not use (BIP-173)";
            }

            values.Add(value);
        }

        var version = values[0];
        var constant = Polymod([.. prefix.Select(c => c >> 5), 0, .. prefix.Select(c => c & 31), .. values]);
        if (constant != (version == 0 ? Bech32Constant : Bech32mConstant))
        {
            return "its checksum is wrong (BIP-173, BIP-350)";
        }

        return WhyNotProgram(version, values[1..^ChecksumLength]);
    }

    private static string? WhyNotProgram(int version, List<int> groups)
    {
        var bytes = groups.Count * 5 / 8;
        var spare = (groups.Count * 5) % 8;
        if (spare > 4 || (spare > 0 && (groups[^1] & ((1 << spare) - 1)) != 0))
        {
            return "its padding is wrong (BIP-173)";
        }

        var isRightLength = version == 0 ? bytes is 20 or 32 : bytes is >= 2 and <= 40;
        return version <= 16 && isRightLength ? null : "its witness version or program length is wrong (BIP-141)";
    }

    private static uint Polymod(IEnumerable<int> values)
    {
        uint[] generators = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
        uint checksum = 1;
        foreach (var value in values)
        {
            var top = checksum >> 25;
            checksum = ((checksum & 0x1ffffff) << 5) ^ (uint)value;
            for (var i = 0; i < generators.Length; i++)
            {
                checksum ^= ((top >> i) & 1) == 1 ? generators[i] : 0;
            }
        }

        return checksum;
    }
}
