using System.Buffers;
using System.Globalization;
using System.Text;
using Deconfliction.Domain.Identifiers.Unicode;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>
/// A Matrix user, room alias or room (Matrix specification, "Common identifier format"): the local part exactly, for
/// historical ids have capitals that count, the server's name as a domain in lower case, with its port.
/// </summary>
internal static class MatrixRule
{
    private const int MaximumBytes = 255;
    private const string Remedy = "Write it like @user:example.org or #room:example.org.";
    private static readonly SearchValues<char> UserCharacters = SearchValues.Create([.. Enumerable.Range(0x21, 0x5E).Select(code => (char)code).Except(":")]);

    public static Ruling Apply(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (text[0] is not ('@' or '#' or '!') || colon < 2)
        {
            return Refuse($"{Excerpt.Quote(text)} is not a Matrix id: it needs @, # or !, a local part, a colon and a server");
        }

        var local = text[..colon];
        if (local[0] != '#' && local.AsSpan().ContainsAnyExcept(UserCharacters))
        {
            return Refuse($"{Excerpt.Quote(local)} holds a character that Matrix ids do not have");
        }

        var ruling = Server(text[(colon + 1)..]);
        if (ruling.Canonical is not { } server)
        {
            return ruling;
        }

        var canonical = $"{local}:{server}";
        return Encoding.UTF8.GetByteCount(canonical) > MaximumBytes ? Refuse("the id is over 255 bytes") : Ruling.Accept(canonical);
    }

    private static Ruling Server(string text)
    {
        var host = text;
        var port = string.Empty;
        var colon = text.LastIndexOf(':');
        if (colon > text.LastIndexOf(']'))
        {
            if (!ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number == 0)
            {
                return Refuse($"{Excerpt.Quote(text)} does not end in a port");
            }

            host = text[..colon];
            port = string.Create(CultureInfo.InvariantCulture, $":{number}");
        }

        if (IpAddress.TryParseV4(host, out _))
        {
            return Ruling.Accept(host + port);
        }

        if (host is ['[', .., ']'])
        {
            Span<char> address = stackalloc char[39];
            return IpAddress.TryParseV6(host.AsSpan(1, host.Length - 2), out var v6)
                ? Ruling.Accept($"[{address[..IpAddress.WriteV6(v6, address)]}]{port}")
                : Refuse($"{Excerpt.Quote(host)} is not an IPv6 address");
        }

        var domain = DomainName.Canonicalise(host);
        return domain.Canonical is { } name ? Ruling.Accept(name + port) : domain;
    }

    private static Ruling Refuse(string problem) => Ruling.Refuse("NOT_A_MATRIX_ID", problem, Remedy);
}
