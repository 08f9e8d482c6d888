using System.Buffers;

namespace Deconfliction.Domain.Identifiers.Encodings;

internal static class Hex
{
    private static readonly SearchValues<char> Lower = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> Any = SearchValues.Create("0123456789abcdefABCDEF");

    public static bool IsHex(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(Any);

    /// <summary>The text in lower case (the same string where it is already), or null where it is not hexadecimal.</summary>
    public static string? ToLower(string text)
    {
        if (!text.AsSpan().ContainsAnyExcept(Lower))
        {
            return text;
        }

        return IsHex(text) ? text.ToLowerInvariant() : null;
    }

    /// <summary>The digit's value, or -1.</summary>
    public static int Value(char digit) => digit switch
    {
        >= '0' and <= '9' => digit - '0',
        >= 'a' and <= 'f' => digit - 'a' + 10,
        >= 'A' and <= 'F' => digit - 'A' + 10,
        _ => -1,
    };
}
