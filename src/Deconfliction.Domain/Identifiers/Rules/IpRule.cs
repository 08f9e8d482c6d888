using System.Buffers;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>IPv4 as a strict dotted quad, IPv6 as RFC 5952 writes it; an IPv4-mapped address is the IPv4 address.</summary>
internal static class IpRule
{
    private const string Remedy = "Give one address, such as 192.0.2.1 or 2001:db8::1.";
    private static readonly SearchValues<char> DigitsAndDots = SearchValues.Create("0123456789.");

    public static Ruling Apply(string text)
    {
        // A strict dotted quad has only one way to be written: it is canonical as it stands.
        if (IpAddress.TryParseV4(text, out _))
        {
            return Ruling.Accept(text);
        }

        var inner = text is ['[', .., ']'] ? text.AsSpan(1, text.Length - 2) : text;
        if (!IpAddress.TryParseV6(inner, out var address))
        {
            return Refuse(text);
        }

        if (IpAddress.IsMapped(address))
        {
            return Ruling.Accept(IpAddress.FormatV4((uint)address));
        }

        Span<char> buffer = stackalloc char[39];
        var canonical = buffer[..IpAddress.WriteV6(address, buffer)];
        return Ruling.Accept(canonical.SequenceEqual(text) ? text : new string(canonical));
    }

    private static Ruling Refuse(string text)
    {
        var quoted = Excerpt.Quote(text);
        if (text.Contains('%', StringComparison.Ordinal) && text.Contains(':', StringComparison.Ordinal))
        {
            return Ruling.Refuse(
                "ZONE_IN_ADDRESS", $"{quoted} names a zone, which means something on one machine only", "Leave out the % and what follows.");
        }

        if (text.Contains('/', StringComparison.Ordinal))
        {
            return Ruling.Refuse("NOT_ONE_ADDRESS", $"{quoted} is a network or a path, not one address", Remedy);
        }

        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon > 0 && colon == text.LastIndexOf(':') && IpAddress.TryParseV4(text.AsSpan(0, colon), out _))
        {
            return Ruling.Refuse("PORT_IN_ADDRESS", $"{quoted} is an address with a port", "Give the port in its own field.");
        }

        if (colon >= 0)
        {
            return Ruling.Refuse("NOT_AN_IPV6_ADDRESS", $"{quoted} is not an IPv6 address (RFC 4291, section 2.2)", Remedy);
        }

        return Ruling.Refuse("NOT_AN_IPV4_ADDRESS", $"{quoted} is not an IPv4 address: {WhyNotV4(text)}", Remedy);
    }

    private static string WhyNotV4(string text)
    {
        if (text.AsSpan().ContainsAnyExcept(DigitsAndDots))
        {
            return "only four decimal numbers and dots make one";
        }

        var parts = text.Split('.');
        if (parts.Length != 4)
        {
            return $"it has {parts.Length} parts, not 4";
        }

        foreach (var part in parts)
        {
            if (part.Length == 0)
            {
                return "a part is empty";
            }

            if (part.Length > 1 && part[0] == '0')
            {
                return $"{Excerpt.Quote(part)} has a leading zero, which some programs read as octal";
            }

            if (part.Length > 3 || int.Parse(part) > 255)
            {
                return $"{Excerpt.Cut(part, 20)} is over 255";
            }
        }

        return "it is not a dotted quad";
    }
}
