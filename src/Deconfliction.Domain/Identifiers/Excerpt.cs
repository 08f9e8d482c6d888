using System.Globalization;
using System.Text;

namespace Deconfliction.Domain.Identifiers;

/// <summary>
/// Submitted text made fit for a message: short, and with every character that would be invisible, reorder the line or
/// break it written as <c>U+XXXX</c>.
/// </summary>
internal static class Excerpt
{
    private const int MaximumQuoteLength = 60;
    private const char Ellipsis = '…';

    /// <summary>The text between backticks, at most 60 characters of it.</summary>
    public static string Quote(ReadOnlySpan<char> text)
    {
        var quote = new StringBuilder("`", MaximumQuoteLength + 2);
        while (!text.IsEmpty)
        {
            var status = Rune.DecodeFromUtf16(text, out var rune, out var length);
            var shown = status == System.Buffers.OperationStatus.Done && IsPlain(rune)
                ? rune.ToString()
                : string.Create(CultureInfo.InvariantCulture, $"U+{(length == 1 ? text[0] : rune.Value):X4}");
            if (quote.Length - 1 + shown.Length > MaximumQuoteLength)
            {
                quote.Append(Ellipsis);
                break;
            }

            quote.Append(shown);
            text = text[length..];
        }

        return quote.Append('`').ToString();
    }

    /// <summary>The text, cut to at most <paramref name="limit"/> UTF-16 units, never inside a surrogate pair.</summary>
    public static string Cut(string text, int limit)
    {
        if (text.Length <= limit)
        {
            return text;
        }

        var end = limit - 1;
        if (char.IsHighSurrogate(text[end - 1]))
        {
            end--;
        }

        return string.Concat(text.AsSpan(0, end), [Ellipsis]);
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);
}
