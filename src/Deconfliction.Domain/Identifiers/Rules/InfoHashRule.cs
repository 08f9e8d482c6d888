using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>A torrent's info hash: v1 of 20 bytes (BEP 3; hexadecimal or base32), v2 of 32 bytes (BEP 52; also as multihash).</summary>
internal static class InfoHashRule
{
    private const string Sha256Multihash = "1220";

    public static Ruling Apply(string text)
    {
        var hash = WithoutUrn(text);
        if (hash.Length == 32 && Base32.Decode(hash) is { } bytes)
        {
            return Ruling.Accept(Convert.ToHexStringLower(bytes));
        }

        if (hash.Length == 68 && hash.StartsWith(Sha256Multihash, StringComparison.Ordinal))
        {
            hash = hash[Sha256Multihash.Length..];
        }

        if (hash.Length is 40 or 64 && Hex.ToLower(hash) is { } canonical)
        {
            return Ruling.Accept(canonical);
        }

        return Ruling.Refuse(
            "NOT_AN_INFO_HASH",
            $"{Excerpt.Quote(text)} is not an info hash: it needs 40 (v1) or 64 (v2) hexadecimal digits, or 32 base32 characters",
            "Give the hash alone. A hybrid torrent has both: claim each of them.");
    }

    private static string WithoutUrn(string text)
    {
        foreach (var urn in new[] { "urn:btih:", "urn:btmh:" })
        {
            if (text.StartsWith(urn, StringComparison.OrdinalIgnoreCase))
            {
                return text[urn.Length..];
            }
        }

        return text;
    }
}
