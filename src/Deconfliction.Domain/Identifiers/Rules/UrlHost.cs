using System.Globalization;
using System.Text;
using Deconfliction.Domain.Identifiers.Encodings;
using Deconfliction.Domain.Identifiers.Unicode;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>The host of a URL and its port (WHATWG URL, sections 3.5 and 4.4, port state).</summary>
internal static class UrlHost
{
    private const string Remedy = "Give the URL with a host name or an address, and a port from 0 to 65535 if any.";

    public static Ruling Canonicalise(string authority, bool isSpecial, int defaultPort)
    {
        var colon = authority.LastIndexOf(':');
        if (colon < authority.LastIndexOf(']'))
        {
            colon = -1;
        }

        var port = -1;
        var portText = colon < 0 ? string.Empty : authority[(colon + 1)..];
        if (portText.Length > 0 && (portText.AsSpan().ContainsAnyExceptInRange('0', '9')
            || !int.TryParse(portText, NumberStyles.None, CultureInfo.InvariantCulture, out port) || port > ushort.MaxValue))
        {
            return Refuse($"{Excerpt.Quote(portText)} is not a port");
        }

        var host = colon < 0 ? authority : authority[..colon];
        var ruling = host is ['[', .., ']'] ? IPv6(host) : isSpecial ? Domain(host) : Opaque(host);
        return ruling.Canonical is not null && port >= 0 && (!isSpecial || port != defaultPort)
            ? Ruling.Accept(string.Create(CultureInfo.InvariantCulture, $"{ruling.Canonical}:{port}"))
            : ruling;
    }

    private static Ruling IPv6(string host)
    {
        Span<char> text = stackalloc char[39];
        return IpAddress.TryParseV6(host.AsSpan(1, host.Length - 2), out var address)
            ? Ruling.Accept($"[{text[..IpAddress.WriteV6(address, text)]}]")
            : Refuse($"{Excerpt.Quote(host)} is not an IPv6 address");
    }

    private static Ruling Domain(string host)
    {
        var decoded = host.Contains('%', StringComparison.Ordinal) ? PercentDecode(host) : host;
        if (decoded.Length == 0)
        {
            return Refuse("the URL has no host");
        }

        var ascii = Idna.ToAscii(decoded);
        if (ascii.Canonical is not { } name)
        {
            return ascii;
        }

        var bare = name.EndsWith('.') ? name[..^1] : name;
        if (!DomainName.IsNumber(bare.AsSpan(bare.LastIndexOf('.') + 1)))
        {
            return DomainName.Canonicalise(decoded);
        }

        return ParseIPv4(bare) is { } address
            ? Ruling.Accept(IpAddress.FormatV4(address))
            : Refuse($"{Excerpt.Quote(host)} ends in a number and is not an IPv4 address");
    }

    /// <summary>
    /// The standard's IPv4 parser, which every browser has: octal and hexadecimal parts, and fewer than four of them, name
    /// one definite address there (in kind ip they do not, and are refused).
    /// </summary>
    private static uint? ParseIPv4(string text)
    {
        var parts = text.Split('.');
        if (parts.Length > 4)
        {
            return null;
        }

        ulong address = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            var limit = i == parts.Length - 1 ? 1UL << (8 * (5 - parts.Length)) : 256;
            if (ParseNumber(parts[i]) is not { } number || number >= limit)
            {
                return null;
            }

            address += i == parts.Length - 1 ? number : number << (8 * (3 - i));
        }

        return (uint)address;
    }

    private static ulong? ParseNumber(string text)
    {
        var (radix, digits) = text switch
        {
            "" => (0U, text),
            ['0', 'x', ..] => (16U, text[2..]),
            ['0', _, ..] => (8U, text[1..]),
            _ => (10U, text),
        };
        if (radix == 0)
        {
            return null;
        }

        ulong number = 0;
        foreach (var c in digits)
        {
            var digit = Hex.Value(c);
            if (digit < 0 || digit >= radix || number > uint.MaxValue)
            {
                return null;
            }

            number = (number * radix) + (uint)digit;
        }

        return number;
    }

    /// <summary>The host of a scheme that the standard knows nothing about: as it is, without what would end it.</summary>
    private static Ruling Opaque(string host) => host.AsSpan().ContainsAny(" #/:<>?@[\\]^|")
        ? Refuse($"{Excerpt.Quote(host)} holds a character that hosts do not have")
        : Ruling.Accept(PercentEncoding.Encode(host, string.Empty));

    private static string PercentDecode(string text)
    {
        var bytes = new List<byte>(text.Length);
        var source = Encoding.UTF8.GetBytes(text);
        for (var i = 0; i < source.Length; i++)
        {
            if (source[i] == '%' && i + 2 < source.Length && Hex.Value((char)source[i + 1]) is >= 0 and var high
                && Hex.Value((char)source[i + 2]) is >= 0 and var low)
            {
                bytes.Add((byte)((high << 4) | low));
                i += 2;
            }
            else
            {
                bytes.Add(source[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    private static Ruling Refuse(string problem) => Ruling.Refuse("NOT_A_URL", problem, Remedy);
}
