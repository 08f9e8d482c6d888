using System.Globalization;

namespace Deconfliction.Cli.Screens;

/// <summary>
/// Text that others wrote, made safe for a terminal: control and bidirectional-control characters could rewrite what the
/// reader sees, so each is shown as U+FFFD.
/// </summary>
internal static class Printable
{
    private const char Shown = '\uFFFD';

    public static string Of(string text) =>
        text.Any(IsUnsafe) ? string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = IsUnsafe(source[i]) ? Shown : source[i];
            }
        }) : text;

    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069') or '\u200E' or '\u200F' or '\u061C'
        || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
