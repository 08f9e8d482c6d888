using System.Globalization;

namespace Deconfliction.Domain.Identifiers.Unicode;

/// <summary>What the rules ask about a character.</summary>
/// <param name="Category">General_Category.</param>
/// <param name="Combining">Canonical_Combining_Class; 9 is a virama.</param>
/// <param name="Bidi">Bidi_Class, by its short name.</param>
/// <param name="Joining">Joining_Type, by its letter.</param>
/// <param name="IsIgnorable">Default_Ignorable_Code_Point.</param>
/// <param name="HasCompatibility">Whether NFKC changes it.</param>
internal sealed record CodePointProperties(
    UnicodeCategory Category, byte Combining, string Bidi, char Joining, bool IsIgnorable, bool HasCompatibility)
{
    public static readonly CodePointProperties Unassigned = new(UnicodeCategory.OtherNotAssigned, 0, "-", 'U', false, false);

    public bool IsMark => Category is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    public bool IsLetterOrDigit => Category is UnicodeCategory.LowercaseLetter or UnicodeCategory.UppercaseLetter
        or UnicodeCategory.OtherLetter or UnicodeCategory.ModifierLetter or UnicodeCategory.DecimalDigitNumber
        or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark;

    public static CodePointProperties Parse(string[] fields) => new(
        ParseCategory(fields[1]),
        byte.Parse(fields[2], CultureInfo.InvariantCulture),
        string.Intern(fields[3]),
        fields[4][0],
        fields[5].Contains('I', StringComparison.Ordinal),
        fields[5].Contains('K', StringComparison.Ordinal));

    private static UnicodeCategory ParseCategory(string name) => name switch
    {
        "Lu" => UnicodeCategory.UppercaseLetter,
        "Ll" => UnicodeCategory.LowercaseLetter,
        "Lt" => UnicodeCategory.TitlecaseLetter,
        "Lm" => UnicodeCategory.ModifierLetter,
        "Lo" => UnicodeCategory.OtherLetter,
        "Mn" => UnicodeCategory.NonSpacingMark,
        "Mc" => UnicodeCategory.SpacingCombiningMark,
        "Me" => UnicodeCategory.EnclosingMark,
        "Nd" => UnicodeCategory.DecimalDigitNumber,
        "Nl" => UnicodeCategory.LetterNumber,
        "No" => UnicodeCategory.OtherNumber,
        "Pc" => UnicodeCategory.ConnectorPunctuation,
        "Pd" => UnicodeCategory.DashPunctuation,
        "Ps" => UnicodeCategory.OpenPunctuation,
        "Pe" => UnicodeCategory.ClosePunctuation,
        "Pi" => UnicodeCategory.InitialQuotePunctuation,
        "Pf" => UnicodeCategory.FinalQuotePunctuation,
        "Po" => UnicodeCategory.OtherPunctuation,
        "Sm" => UnicodeCategory.MathSymbol,
        "Sc" => UnicodeCategory.CurrencySymbol,
        "Sk" => UnicodeCategory.ModifierSymbol,
        "So" => UnicodeCategory.OtherSymbol,
        "Zs" => UnicodeCategory.SpaceSeparator,
        "Zl" => UnicodeCategory.LineSeparator,
        "Zp" => UnicodeCategory.ParagraphSeparator,
        "Cc" => UnicodeCategory.Control,
        "Cf" => UnicodeCategory.Format,
        "Co" => UnicodeCategory.PrivateUse,
        "Cn" => UnicodeCategory.OtherNotAssigned,
        _ => throw new InvalidOperationException($"unicode.txt has an unknown category '{name}'"),
    };
}
