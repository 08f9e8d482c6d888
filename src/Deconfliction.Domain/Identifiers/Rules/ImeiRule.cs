using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>An IMEI (3GPP TS 23.003, 6.2): 14 digits; a fifteenth is the check digit, verified and dropped.</summary>
internal static class ImeiRule
{
    private const int Digits = 14;
    private const string Remedy = "Give 14 digits, or 15 with the check digit (dial *#06# on the device).";

    public static Ruling Apply(string text)
    {
        var digits = Separators.Remove(text, " -/.");
        if (digits.Length is not (Digits or Digits + 1) || digits.AsSpan().ContainsAnyExceptInRange('0', '9'))
        {
            return Ruling.Refuse(
                "NOT_AN_IMEI",
                digits.Length == 16
                    ? $"{Excerpt.Quote(text)} has 16 digits: an IMEISV, which ends in a software version"
                    : $"{Excerpt.Quote(text)} is not an IMEI: it needs 14 or 15 decimal digits",
                digits.Length == 16 ? "Give its first 14 digits." : Remedy);
        }

        return digits.Length == Digits || Luhn.IsValid(digits)
            ? Ruling.Accept(digits[..Digits])
            : Ruling.Refuse("WRONG_CHECK_DIGIT", $"{Excerpt.Quote(text)} is mistyped: its check digit is wrong (Luhn)", Remedy);
    }
}
