using System.Collections.Frozen;
using System.Globalization;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>
/// A URL as the WHATWG standard parses and writes it, without what names no place on the net: user information, local
/// files, and schemes without an authority. Host names are held to the rule of domains, and lose a trailing dot.
/// </summary>
internal static class UrlRule
{
    private const string Remedy = "Give an absolute address, such as https://example.org/path.";

    /// <summary>The special schemes (URL, section 3.1) and their default ports.</summary>
    private static readonly FrozenDictionary<string, int> DefaultPorts = new Dictionary<string, int>
    {
        ["http"] = 80, ["https"] = 443, ["ws"] = 80, ["wss"] = 443, ["ftp"] = 21,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static Ruling Apply(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !IsScheme(text.AsSpan(0, colon)))
        {
            return Ruling.Refuse("NO_SCHEME", $"{Excerpt.Quote(text)} is not a URL: it does not begin with a scheme and a colon", Remedy);
        }

        var scheme = text[..colon].ToLowerInvariant();
        var isSpecial = DefaultPorts.TryGetValue(scheme, out var defaultPort);
        var rest = text[(colon + 1)..];
        if (!isSpecial && (!rest.StartsWith("//", StringComparison.Ordinal) || string.Equals(scheme, "file", StringComparison.Ordinal)))
        {
            return NotAPlace(text, scheme);
        }

        rest = isSpecial ? rest.TrimStart('/', '\\') : rest[2..];
        var end = rest.AsSpan().IndexOfAny(isSpecial ? @"/\?#" : "/?#");
        var authority = end < 0 ? rest : rest[..end];
        if (authority.Contains('@', StringComparison.Ordinal))
        {
            return Ruling.Refuse("USER_INFO_IN_URL", "the URL holds a user name or a password before the host", "Leave out what stands before the @.");
        }

        var host = UrlHost.Canonicalise(authority, isSpecial, defaultPort);
        return host.Canonical is { } canonical
            ? Ruling.Accept($"{scheme}://{canonical}{UrlPath.Canonicalise(end < 0 ? string.Empty : rest[end..], isSpecial)}")
            : host;
    }

    private static bool IsScheme(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('+' or '-' or '.'))
            {
                return false;
            }
        }

        return char.IsAsciiLetter(text[0]);
    }

    private static Ruling NotAPlace(string text, string scheme) => Ruling.Refuse(
        "UNSUPPORTED_SCHEME",
        $"{Excerpt.Quote(text)} names no place on the net by its scheme {Excerpt.Quote(scheme)}",
        scheme switch
        {
            "magnet" => "Use kind infohash.",
            "mailto" => "Use kind email.",
            "tel" or "sms" => "Use kind phone.",
            "xmpp" => "Use kind jid.",
            "bitcoin" or "ethereum" or "monero" or "litecoin" => "Use kind wallet.",
            _ => string.Create(CultureInfo.InvariantCulture, $"{Remedy} A host without one needs https:// before it."),
        });
}
