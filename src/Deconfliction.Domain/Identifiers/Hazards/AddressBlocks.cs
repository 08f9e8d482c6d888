using System.Globalization;

namespace Deconfliction.Domain.Identifiers.Hazards;

/// <summary>Blocks of addresses in CIDR notation, IPv4 as <c>::ffff:0:0/96</c>: one ordered search finds what holds an address.</summary>
internal sealed class AddressBlocks
{
    private static readonly UInt128 Mapped = (UInt128)0xFFFF << 32;

    // One bucket a prefix length: few lengths are in use, and each look-up is a masked hash probe.
    private readonly (UInt128 Mask, Dictionary<UInt128, Hazard> Blocks)[] byLength;

    public AddressBlocks(IEnumerable<(string Block, Hazard Hazard)> blocks)
    {
        var lengths = new SortedDictionary<int, Dictionary<UInt128, Hazard>>();
        foreach (var (block, hazard) in blocks)
        {
            var (address, length) = Parse(block) ?? throw new FormatException($"'{block}' is not an address or a block in CIDR notation");
            if (!lengths.TryGetValue(length, out var bucket))
            {
                lengths.Add(length, bucket = []);
            }

            bucket.TryAdd(address & MaskOf(length), hazard);
        }

        byLength = [.. lengths.Reverse().Select(pair => (MaskOf(pair.Key), pair.Value))];
    }

    /// <summary>The hazard of the narrowest block that holds the address; null where none does.</summary>
    public Hazard? Find(string canonicalAddress)
    {
        if (byLength.Length == 0 || ParseAddress(canonicalAddress) is not { } address)
        {
            return null;
        }

        foreach (var (mask, blocks) in byLength)
        {
            if (blocks.TryGetValue(address & mask, out var hazard))
            {
                return hazard;
            }
        }

        return null;
    }

    /// <summary>Reads <c>address</c> or <c>address/length</c>; the length of an IPv4 block is counted from the mapped prefix on.</summary>
    public static (UInt128 Address, int Length)? Parse(string block)
    {
        var slash = block.IndexOf('/', StringComparison.Ordinal);
        var text = slash < 0 ? block : block[..slash];
        if (ParseAddress(text) is not { } address)
        {
            return null;
        }

        var offset = text.Contains(':', StringComparison.Ordinal) ? 0 : 96;
        if (slash < 0)
        {
            return (address, 128);
        }

        return int.TryParse(block.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length + offset <= 128 ? (address, length + offset) : null;
    }

    private static UInt128? ParseAddress(string text)
    {
        if (IpAddress.TryParseV4(text, out var v4))
        {
            return Mapped | v4;
        }

        return IpAddress.TryParseV6(text, out var v6) ? v6 : null;
    }

    private static UInt128 MaskOf(int length) => length == 0 ? UInt128.Zero : UInt128.MaxValue << (128 - length);
}
