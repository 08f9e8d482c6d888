using System.Collections.Frozen;
using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>A peer's GUID: the network and 16 bytes. Clients of one network share its ids, so a client's name means its network.</summary>
internal static class P2pGuidRule
{
    private const int HexLength = 32;
    private const string Example = "gnutella:0123456789abcdef0123456789abcdef";

    private static readonly FrozenDictionary<string, string> Networks = new Dictionary<string, string>
    {
        ["gnutella"] = "gnutella",
        ["limewire"] = "gnutella",
        ["frostwire"] = "gnutella",
        ["phex"] = "gnutella",
        ["gnutella2"] = "gnutella2",
        ["g2"] = "gnutella2",
        ["edonkey"] = "edonkey",
        ["edonkey2000"] = "edonkey",
        ["ed2k"] = "edonkey",
        ["emule"] = "edonkey",
        ["kad"] = "kad",
        ["ares"] = "ares",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    public static Ruling Apply(string text)
    {
        if (!Prefixed.TrySplit(text, out var name, out var value))
        {
            return Prefixed.Missing(text, "network", Example);
        }

        if (!Networks.TryGetValue(name, out var network))
        {
            return Ruling.Refuse(
                "UNKNOWN_NETWORK",
                $"{Excerpt.Quote(name)} is not a known file-sharing network",
                $"Use one of: {string.Join(", ", Networks.Keys.Order(StringComparer.Ordinal))}.");
        }

        var hex = value is ['{', .., '}'] ? value[1..^1] : value;
        hex = IsDashed(hex) ? hex.Replace("-", string.Empty, StringComparison.Ordinal) : hex;
        return hex.Length == HexLength && Hex.ToLower(hex) is { } canonical
            ? Ruling.Accept($"{network}:{canonical}")
            : Ruling.Refuse("NOT_A_GUID", $"{Excerpt.Quote(value)} is not a GUID: it needs 32 hexadecimal digits", $"Write it like {Example}.");
    }

    private static bool IsDashed(string text) => text.Length == HexLength + 4 && text[8] == '-' && text[13] == '-' && text[18] == '-' && text[23] == '-';
}
