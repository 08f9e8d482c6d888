using System.Buffers;
using System.Globalization;
using System.Text;
using Deconfliction.Domain.Identifiers.Rules;
using Deconfliction.Domain.Identifiers.Unicode;

namespace Deconfliction.Domain.Identifiers;

/// <summary>
/// What every kind has in common, before its own rule: bounded length, well-formed Unicode, trimmed, nothing invisible,
/// NFC, and no defanging. ASCII without brackets, which nearly all input is, costs one vectorised scan and no allocation.
/// </summary>
internal static class Preparation
{
    public const int MaximumBytes = 2048;

    private static readonly SearchValues<char> Plain = SearchValues.Create(
        [.. Enumerable.Range(0x21, 0x7E - 0x20).Select(code => (char)code).Except("[({")]);

    public static Ruling Prepare(IdentifierKind kind, string value)
    {
        if (IsTooLong(value))
        {
            return TooLong();
        }

        if (value.Length > 0 && !value.AsSpan().ContainsAnyExcept(Plain))
        {
            return Ruling.Accept(Defang(kind, value));
        }

        if (FirstLoneSurrogate(value) is { } position)
        {
            return Ruling.Refuse(
                "NOT_UNICODE",
                string.Create(CultureInfo.InvariantCulture, $"the value holds half a surrogate pair at position {position + 1}"),
                "Send the value as well-formed UTF-8.");
        }

        var trimmed = value.Trim();
        if (trimmed.Length == 0)
        {
            return Ruling.Refuse("EMPTY", "the value is empty", "Give the value, or leave the line out.");
        }

        if (FirstUnwanted(kind, trimmed) is { } unwanted)
        {
            return unwanted;
        }

        return Ruling.Accept(Defang(kind, Normalisation.ToNfc(trimmed)));
    }

    public static bool IsTooLong(string value) =>
        value.Length > MaximumBytes / 3 && (value.Length > MaximumBytes || Encoding.UTF8.GetByteCount(value) > MaximumBytes);

    public static Ruling TooLong() => Ruling.Refuse(
        "TOO_LONG", "the value is over 2,048 bytes of UTF-8, canonical form included", "Give the identifier alone, without text around it.");

    private static string Defang(IdentifierKind kind, string text) => Defanging.AppliesTo(kind) ? Defanging.Undo(text) : text;

    private static int? FirstLoneSurrogate(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
            {
                continue;
            }

            if (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[i + 1]))
            {
                return i;
            }

            i++;
        }

        return null;
    }

    private static Ruling? FirstUnwanted(IdentifierKind kind, string text)
    {
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is >= 0x20 and < 0x7F || (IsJoiner(rune) && KindRules.JudgesJoiners(kind)))
            {
                continue;
            }

            if (CodePoints.WhyUnwanted(rune.Value) is { } why)
            {
                return Ruling.Refuse(
                    why.Reason,
                    string.Create(CultureInfo.InvariantCulture, $"the value holds U+{rune.Value:X4}, {why.Description}"),
                    "Type the value again by hand: such characters come along when text is copied.");
            }
        }

        return null;
    }

    /// <summary>ZWNJ and ZWJ: invisible, yet part of names in some scripts. IDNA and PRECIS say where (RFC 5892, A.1 and A.2).</summary>
    private static bool IsJoiner(Rune rune) => rune.Value is 0x200C or 0x200D;
}
