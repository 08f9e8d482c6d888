using System.Collections.Frozen;
using System.Globalization;
using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>An IBAN (ISO 13616): its country's length and check digits modulo 97 (ISO 7064). Card numbers are never accepted.</summary>
internal static class IbanRule
{
    private const string Remedy = "Give the whole IBAN, such as GB82 WEST 1234 5698 7654 32.";

    /// <summary>SWIFT's IBAN registry: each country and how long its IBANs are.</summary>
    private static readonly FrozenDictionary<string, int> Lengths = (
        "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 "
        + "FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 "
        + "LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 "
        + "SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30")
        .Split(' ').ToFrozenDictionary(entry => entry[..2], entry => int.Parse(entry[2..], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    public static Ruling Apply(string text)
    {
        var iban = Separators.Remove(text, " -").ToUpperInvariant();
        if (iban.Length is >= 12 and <= 19 && !iban.AsSpan().ContainsAnyExceptInRange('0', '9') && Luhn.IsValid(iban))
        {
            // The number is not repeated here: it must not reach a log, a screen or a ticket by way of this message.
            return Ruling.Refuse("CARD_NUMBER", "the value looks like a payment card's number; those are never accepted", "Claim the account's IBAN.");
        }

        if (iban.Length < 5 || iban.Any(c => !char.IsAsciiLetterOrDigit(c)) || !char.IsAsciiDigit(iban[2]) || !char.IsAsciiDigit(iban[3]))
        {
            return Refuse(text, "it needs a country, two check digits and an account, letters and digits only");
        }

        if (!Lengths.TryGetValue(iban[..2], out var length))
        {
            return Refuse(text, $"{iban[..2]} is no country of the IBAN registry");
        }

        if (iban.Length != length)
        {
            return Refuse(text, $"it has {iban.Length} characters; those of {iban[..2]} have {length}");
        }

        return Remainder(iban) == 1 && iban[2..4] is not ("00" or "01" or "99")
            ? Ruling.Accept(iban)
            : Ruling.Refuse("WRONG_CHECK_DIGIT", $"{Excerpt.Quote(text)} is mistyped: its check digits are wrong (mod 97)", Remedy);
    }

    private static int Remainder(string iban)
    {
        var remainder = 0;
        foreach (var c in iban[4..] + iban[..4])
        {
            remainder = char.IsAsciiDigit(c) ? ((remainder * 10) + (c - '0')) % 97 : ((remainder * 100) + (c - 'A' + 10)) % 97;
        }

        return remainder;
    }

    private static Ruling Refuse(string text, string problem) =>
        Ruling.Refuse("NOT_AN_IBAN", $"{Excerpt.Quote(text)} is not an IBAN: {problem}", Remedy);
}
