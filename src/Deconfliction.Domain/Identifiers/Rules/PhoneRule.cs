namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>
/// A number of ITU-T E.164: a plus sign, an assigned country code and at most 15 digits in all. No region is assumed, and
/// no zero dropped that may belong to the number (Italy's does).
/// </summary>
internal static class PhoneRule
{
    private const int MinimumDigits = 7;
    private const int MaximumDigits = 15;
    private const string Remedy = "Write it in full, such as +39 06 12345678.";

    public static Ruling Apply(string text)
    {
        var number = text.StartsWith("tel:", StringComparison.OrdinalIgnoreCase) ? text["tel:".Length..] : text;
        if (!number.StartsWith('+'))
        {
            return Ruling.Refuse(
                "NO_COUNTRY_CODE", $"{Excerpt.Quote(text)} does not begin with + and a country code: it means another number in each country", Remedy);
        }

        if (number.Contains("(0)", StringComparison.Ordinal))
        {
            return TrunkPrefix(text);
        }

        var digits = Separators.Remove(number[1..], " -.()/");
        if (digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return IsExtension(digits)
                ? Ruling.Refuse("PHONE_EXTENSION", $"{Excerpt.Quote(text)} has an extension, which is not part of the number", "Leave the extension out.")
                : Ruling.Refuse("NOT_A_PHONE_NUMBER", $"{Excerpt.Quote(text)} holds other characters than digits and the usual separators", Remedy);
        }

        if (digits.Length is < MinimumDigits or > MaximumDigits)
        {
            return Ruling.Refuse("NOT_A_PHONE_NUMBER", $"{Excerpt.Quote(text)} has {digits.Length} digits; E.164 has 7 to 15", Remedy);
        }

        return Check(text, digits) ?? Ruling.Accept("+" + digits);
    }

    private static Ruling? Check(string text, string digits)
    {
        if (CallingCodes.LengthOf(digits) is not { } length)
        {
            return Ruling.Refuse("UNKNOWN_COUNTRY_CODE", $"{Excerpt.Quote(text)} begins with a country code that is not assigned (E.164)", Remedy);
        }

        if (digits[length] == '0' && CallingCodes.HasTrunkZero(digits[..length]))
        {
            return TrunkPrefix(text);
        }

        // The North American plan is closed: ten digits, and neither area nor exchange code begins with 0 or 1.
        return digits[0] == '1' && (digits.Length != 11 || digits[1] < '2' || digits[4] < '2')
            ? Ruling.Refuse("NOT_A_PHONE_NUMBER", $"{Excerpt.Quote(text)} is not a number of the North American plan", "Give ten digits after +1.")
            : null;
    }

    private static bool IsExtension(string text) => text.AsSpan().ContainsAny("xX#;,*") || text.Contains("ext", StringComparison.OrdinalIgnoreCase);

    private static Ruling TrunkPrefix(string text) => Ruling.Refuse(
        "PHONE_TRUNK_PREFIX", $"{Excerpt.Quote(text)} has a zero that is dialled inside the country only", "Leave out the zero after the country code.");
}
