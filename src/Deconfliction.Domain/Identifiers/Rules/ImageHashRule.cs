using System.Buffers.Text;
using System.Globalization;

namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>PDQ and PhotoDNA hashes, compared by equality.</summary>
internal static class ImageHashRule
{
    private const int PdqBytes = 32;
    private const int PhotoDnaBytes = 144;

    /// <summary>Below this, PDQ's authors say, unlike images share hashes ("The TMK+PDQF video-hashing algorithm and the PDQ image-hashing algorithm").</summary>
    private const int MinimumQuality = 50;

    /// <summary>256 bits, perhaps followed by <c>:quality</c>, which is checked and dropped.</summary>
    public static Ruling ApplyPdq(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            return HashRule.Apply("pdq", PdqBytes, text);
        }

        if (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var quality) || quality > 100)
        {
            return Ruling.Refuse(
                "WRONG_QUALITY", $"{Excerpt.Quote(text.AsSpan(colon + 1))} is not a PDQ quality", "Give a whole number from 0 to 100, or none.");
        }

        return quality < MinimumQuality
            ? Ruling.Refuse("LOW_QUALITY", $"the hash has quality {quality}; below {MinimumQuality} unlike images share hashes", "Claim the file's sha256.")
            : HashRule.Apply("pdq", PdqBytes, text[..colon]);
    }

    /// <summary>144 bytes in hexadecimal, or in Base64 as the hash-sharing services write them.</summary>
    public static Ruling ApplyPhotoDna(string text)
    {
        if (text.Length != PhotoDnaBytes / 3 * 4)
        {
            return HashRule.Apply("photodna", PhotoDnaBytes, text);
        }

        Span<byte> bytes = stackalloc byte[PhotoDnaBytes];
        return Base64.IsValid(text) && Convert.TryFromBase64String(text, bytes, out var written) && written == PhotoDnaBytes
            ? Ruling.Accept(Convert.ToHexStringLower(bytes))
            : Ruling.Refuse("NOT_BASE64", $"{Excerpt.Quote(text)} has the length of Base64, but is not 144 bytes of it", "Give 288 hexadecimal digits.");
    }
}
