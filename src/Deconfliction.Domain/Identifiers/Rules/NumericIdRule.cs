using System.Globalization;
using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>
/// Numeric ids as decimal strings. Ids of 64 bits lose digits where a program keeps them as JSON doubles, and such a loss
/// cannot be seen afterwards, except where the number comes with an exponent or a fraction: that is refused.
/// </summary>
internal static class NumericIdRule
{
    /// <summary>Telegram's ids have "at most 52 significant bits" (Bot API).</summary>
    private const long MaximumTelegram = (1L << 52) - 1;

    /// <summary>A snowflake's first 42 bits are milliseconds since 2015: the shortest of a real account has 17 digits.</summary>
    private const long MinimumDiscord = 10_000_000_000_000_000;

    public static Ruling ApplyTelegram(string text)
    {
        var negative = text.StartsWith('-');
        var ruling = Apply(negative ? text[1..] : text, text, "a Telegram id", MaximumTelegram);
        return negative && ruling.Canonical is { } digits ? Ruling.Accept("-" + digits) : ruling;
    }

    public static Ruling ApplyDiscord(string text)
    {
        var ruling = Apply(text, text, "a Discord id", long.MaxValue);
        return ruling.Canonical is { } digits && long.Parse(digits, CultureInfo.InvariantCulture) < MinimumDiscord
            ? Ruling.Refuse("NOT_A_NUMERIC_ID", $"{Excerpt.Quote(text)} is too short for a Discord id, which has 17 digits or more", "Give all digits.")
            : ruling;
    }

    /// <summary>A positive decimal number up to the maximum, leading zeros dropped.</summary>
    public static Ruling Apply(string digits, string text, string what, long maximum)
    {
        if (digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            var isRounded = digits.AsSpan().ContainsAny("eE.,+") && char.IsAsciiDigit(digits[0]);
            return isRounded
                ? Ruling.Refuse("ROUNDED_NUMBER", $"{Excerpt.Quote(text)} has gone through a floating-point number and may have lost digits", "Export ids as text.")
                : Ruling.Refuse("NOT_A_NUMERIC_ID", $"{Excerpt.Quote(text)} is not {what}: it needs decimal digits", "Give the number, not the name.");
        }

        var canonical = digits.TrimStart('0');
        return canonical.Length > 0 && long.TryParse(canonical, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id <= maximum
            ? Ruling.Accept(canonical)
            : Ruling.Refuse("NOT_A_NUMERIC_ID", $"{Excerpt.Quote(text)} is not {what}: it is zero, empty or too large", "Give the number as the platform shows it.");
    }
}
