namespace Deconfliction.Domain.Identifiers.Encodings;

/// <summary>The check digit of ISO/IEC 7812-1, annex B.</summary>
internal static class Luhn
{
    /// <summary>Whether the last digit of a text of ASCII digits is the check digit of those before it.</summary>
    public static bool IsValid(ReadOnlySpan<char> digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i] - '0';
            var doubled = digit * 2;
            sum += i % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
        }

        return sum % 10 == 0;
    }
}
