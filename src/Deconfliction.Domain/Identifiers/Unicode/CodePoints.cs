using System.Globalization;
using System.Text;

namespace Deconfliction.Domain.Identifiers.Unicode;

/// <summary>Single characters: what they are, and text as a list of them.</summary>
internal static class CodePoints
{
    public static CodePointProperties Of(int codePoint) => UnicodeTables.Instance.Properties.Find(codePoint);

    public static List<int> From(string text)
    {
        var codePoints = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            codePoints.Add(rune.Value);
        }

        return codePoints;
    }

    public static string ToText(IEnumerable<int> codePoints)
    {
        var text = new StringBuilder();
        foreach (var codePoint in codePoints)
        {
            text.Append(new Rune(codePoint));
        }

        return text.ToString();
    }

    /// <summary>
    /// Why no identifier may hold the character, whatever its kind; null where it may. A character newer than the tables
    /// may stand in free text; the rules that need to know more of it (domains, usernames) refuse it themselves.
    /// </summary>
    public static (string Reason, string Description)? WhyUnwanted(int codePoint)
    {
        const string invisible = "INVISIBLE_CHARACTER";
        var properties = Of(codePoint);
        return properties.Category switch
        {
            UnicodeCategory.Control => ("CONTROL_CHARACTER", "a control character"),
            UnicodeCategory.Format when IsBidiControl(codePoint) => ("BIDI_CONTROL", "a character that turns the direction of text"),
            UnicodeCategory.Format => (invisible, "an invisible character"),
            UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => ("CONTROL_CHARACTER", "a line break"),
            UnicodeCategory.SpaceSeparator when codePoint != ' ' => (invisible, "a space that is not the ordinary one"),
            UnicodeCategory.PrivateUse => ("NOT_A_CHARACTER", "a private-use code that means something in one font only"),
            _ when properties.IsIgnorable => (invisible, "an invisible character"),
            _ when codePoint == 0x2800 => (invisible, "a blank"),
            _ when (codePoint & 0xFFFE) == 0xFFFE || codePoint is >= 0xFDD0 and <= 0xFDEF or 0xFFFD =>
                ("NOT_A_CHARACTER", "which stands for no character"),
            _ => null,
        };
    }

    /// <summary>Unicode's property Bidi_Control.</summary>
    private static bool IsBidiControl(int codePoint) =>
        codePoint is 0x061C or 0x200E or 0x200F or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
