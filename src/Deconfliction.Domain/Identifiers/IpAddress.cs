using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers;

/// <summary>
/// Reads and writes addresses, strictly: IPv4 as four decimal octets without leading zeros (RFC 6943, 3.1.1, on why),
/// IPv6 as RFC 4291 reads and RFC 5952 writes. The BCL's parser accepts <c>1.2.3</c>, octal and hexadecimal parts.
/// </summary>
internal static class IpAddress
{
    private const int Groups = 8;
    private static readonly UInt128 MappedPrefix = 0xFFFF;

    public static bool TryParseV4(ReadOnlySpan<char> text, out uint address)
    {
        address = 0;
        var position = 0;
        for (var octet = 0; octet < 4; octet++)
        {
            if (octet > 0 && (position == text.Length || text[position++] != '.'))
            {
                return false;
            }

            var start = position;
            var value = 0;
            while (position < text.Length && position - start < 3 && char.IsAsciiDigit(text[position]))
            {
                value = (value * 10) + (text[position++] - '0');
            }

            var digits = position - start;
            if (digits == 0 || value > 255 || (digits > 1 && text[start] == '0'))
            {
                return false;
            }

            address = (address << 8) | (uint)value;
        }

        return position == text.Length;
    }

    public static bool TryParseV6(ReadOnlySpan<char> text, out UInt128 address)
    {
        Span<ushort> groups = stackalloc ushort[Groups];
        groups.Clear();
        address = 0;
        if (!TryReadGroups(text, groups, out var count, out var gap))
        {
            return false;
        }

        if (gap < 0 ? count != Groups : count == Groups)
        {
            return false;
        }

        for (var i = 0; i < Groups; i++)
        {
            var zeros = Groups - count;
            var group = gap < 0 || i < gap ? groups[i] : i < gap + zeros ? (ushort)0 : groups[i - zeros];
            address = (address << 16) | group;
        }

        return true;
    }

    /// <summary>Whether the address is an IPv4 one in IPv6's clothes (<c>::ffff:0:0/96</c>).</summary>
    public static bool IsMapped(UInt128 address) => address >> 32 == MappedPrefix;

    public static string FormatV4(uint address)
    {
        Span<char> text = stackalloc char[15];
        return new string(text[..WriteV4(address, text)]);
    }

    /// <summary>Writes the form of RFC 5952, section 4, into 39 characters; gives the length.</summary>
    public static int WriteV6(UInt128 address, Span<char> text)
    {
        var (gap, gapLength) = LongestZeros(address);
        var length = 0;
        for (var i = 0; i < Groups; i++)
        {
            if (i == gap)
            {
                text[length++] = ':';
                text[length++] = ':';
                i += gapLength - 1;
                continue;
            }

            if (i > 0 && i != gap + gapLength)
            {
                text[length++] = ':';
            }

            Group(address, i).TryFormat(text[length..], out var written, "x");
            length += written;
        }

        return length;
    }

    private static int WriteV4(uint address, Span<char> text)
    {
        var length = 0;
        for (var shift = 24; shift >= 0; shift -= 8)
        {
            ((address >> shift) & 0xFF).TryFormat(text[length..], out var written);
            length += written;
            if (shift > 0)
            {
                text[length++] = '.';
            }
        }

        return length;
    }

    private static bool TryReadGroups(ReadOnlySpan<char> text, Span<ushort> groups, out int count, out int gap)
    {
        count = 0;
        gap = -1;
        if (text.StartsWith("::"))
        {
            gap = 0;
            text = text[2..];
        }

        while (!text.IsEmpty)
        {
            var end = text.IndexOf(':');
            var part = end < 0 ? text : text[..end];
            if (end < 0 && part.Contains('.'))
            {
                return TryReadDotted(part, groups, ref count);
            }

            if (count == Groups || !TryReadGroup(part, out groups[count]))
            {
                return false;
            }

            count++;
            if (end < 0)
            {
                return true;
            }

            text = text[(end + 1)..];
            if (text is [':', ..])
            {
                if (gap >= 0)
                {
                    return false;
                }

                gap = count;
                text = text[1..];
            }
            else if (text.IsEmpty)
            {
                return false;
            }
        }

        return gap >= 0;
    }

    private static bool TryReadDotted(ReadOnlySpan<char> part, Span<ushort> groups, ref int count)
    {
        if (count > Groups - 2 || !TryParseV4(part, out var address))
        {
            return false;
        }

        groups[count++] = (ushort)(address >> 16);
        groups[count++] = (ushort)address;
        return true;
    }

    private static bool TryReadGroup(ReadOnlySpan<char> part, out ushort group)
    {
        group = 0;
        if (part.Length is 0 or > 4)
        {
            return false;
        }

        foreach (var digit in part)
        {
            var value = Hex.Value(digit);
            if (value < 0)
            {
                return false;
            }

            group = (ushort)((group << 4) | value);
        }

        return true;
    }

    private static ushort Group(UInt128 address, int index) => (ushort)(address >> ((Groups - 1 - index) * 16));

    /// <summary>The first of the longest runs of zero groups, two or more of them; (-1, 0) where there is none.</summary>
    private static (int Start, int Length) LongestZeros(UInt128 address)
    {
        var best = (Start: -1, Length: 0);
        for (var i = 0; i < Groups; i++)
        {
            var start = i;
            while (i < Groups && Group(address, i) == 0)
            {
                i++;
            }

            if (i - start >= 2 && i - start > best.Length)
            {
                best = (start, i - start);
            }
        }

        return best;
    }
}
