using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>A 48-bit address (IEEE 802) in lower-case hexadecimal with colons; read with colons, hyphens, dots or nothing.</summary>
internal static class MacRule
{
    private const int HexLength = 12;

    public static Ruling Apply(string text)
    {
        if (HexDigits(text) is not { } hex || Hex.ToLower(hex) is not { } lower)
        {
            return Ruling.Refuse(
                "NOT_A_MAC_ADDRESS",
                $"{Excerpt.Quote(text)} is not a 48-bit MAC address: it needs 12 hexadecimal digits in groups of one kind",
                "Write it like 00:53:00:12:34:56.");
        }

        return Ruling.Accept(string.Create(HexLength + 5, lower, static (canonical, digits) =>
        {
            for (var i = 0; i < canonical.Length; i++)
            {
                canonical[i] = i % 3 == 2 ? ':' : digits[(i / 3 * 2) + (i % 3)];
            }
        }));
    }

    private static string? HexDigits(string text) => text.Length switch
    {
        HexLength => text,
        17 when IsGrouped(text, 3, ':') => Separators.Remove(text, ":"),
        17 when IsGrouped(text, 3, '-') => Separators.Remove(text, "-"),
        14 when IsGrouped(text, 5, '.') => Separators.Remove(text, "."),
        _ => null,
    };

    /// <summary>Whether the separator stands at the end of each group, and nowhere else.</summary>
    private static bool IsGrouped(string text, int groupLength, char separator)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == separator != (i % groupLength == groupLength - 1))
            {
                return false;
            }
        }

        return true;
    }
}
