using Deconfliction.Domain.Identifiers.Encodings;

namespace Deconfliction.Domain.Identifiers.Unicode;

/// <summary>
/// UTS-46, ToASCII: nontransitional (ß, ς, ZWJ and ZWNJ stay what they are), CheckBidi, CheckJoiners; without STD3 rules
/// and hyphen checks, which real names break (<c>r3---sn.example</c>, <c>_dmarc</c>). Lengths are the caller's to check.
/// </summary>
internal static class Idna
{
    private const string AcePrefix = "xn--";
    private const string Remedy = "Give the name as its owner writes it, or as it stands in the DNS (xn--...).";

    public static Ruling ToAscii(string name)
    {
        // ASCII without A-labels maps to its lower case and nothing else.
        if (System.Text.Ascii.IsValid(name) && !name.Contains(AcePrefix, StringComparison.OrdinalIgnoreCase))
        {
            return Ruling.Accept(name.ToLowerInvariant());
        }

        var mapped = new List<int>(name.Length);
        foreach (var codePoint in CodePoints.From(name))
        {
            if (UnicodeTables.Instance.Idna.Find(codePoint) is not { } becomes)
            {
                return Refuse(name, $"U+{codePoint:X4} is not allowed in domain names (UTS-46)");
            }

            mapped.AddRange(ReferenceEquals(becomes, UnicodeTables.Valid) ? [codePoint] : becomes);
        }

        var labels = CodePoints.ToText(Normalisation.ToNfc(mapped)).Split('.');
        var decoded = new List<List<int>>(labels.Length);
        foreach (var label in labels)
        {
            if (Decode(label) is not { } codePoints)
            {
                return Refuse(name, $"{Excerpt.Quote(label)} is not a valid A-label (RFC 3492)");
            }

            decoded.Add(codePoints);
        }

        return Encode(name, decoded);
    }

    private static Ruling Encode(string name, List<List<int>> labels)
    {
        var isBidi = labels.Exists(BidiRule.HasRightToLeft);
        foreach (var label in labels)
        {
            if (Problem(label, isBidi) is { } problem)
            {
                return Refuse(name, problem);
            }
        }

        return Ruling.Accept(string.Join('.', labels.Select(Encode)));
    }

    private static string Encode(List<int> label) =>
        label.Exists(code => code > 0x7F) ? AcePrefix + Punycode.Encode(label) : CodePoints.ToText(label);

    /// <summary>The label's characters; null where it is an A-label of nothing, of ASCII only, or one that would be encoded otherwise.</summary>
    private static List<int>? Decode(string label)
    {
        if (!label.StartsWith(AcePrefix, StringComparison.Ordinal))
        {
            return CodePoints.From(label);
        }

        var encoded = label.AsSpan(AcePrefix.Length);
        if (!System.Text.Ascii.IsValid(encoded) || Punycode.Decode(encoded) is not { } decoded)
        {
            return null;
        }

        return decoded.Exists(code => code > 0x7F) && encoded.SequenceEqual(Punycode.Encode(decoded)) ? decoded : null;
    }

    /// <summary>The validity criteria of UTS-46, section 4.1.</summary>
    private static string? Problem(List<int> label, bool isBidi)
    {
        if (label.Count == 0)
        {
            return null;
        }

        if (label.Exists(code => !ReferenceEquals(UnicodeTables.Instance.Idna.Find(code), UnicodeTables.Valid))
            || !Normalisation.ToNfc(label).SequenceEqual(label))
        {
            return "an A-label stands for characters that are not allowed there (UTS-46, 4.1)";
        }

        if (CodePoints.ToText(label).StartsWith(AcePrefix, StringComparison.Ordinal))
        {
            return "an A-label stands for another A-label (UTS-46, 4.1)";
        }

        if (CodePoints.Of(label[0]).IsMark)
        {
            return "a label begins with a combining mark (UTS-46, 4.1)";
        }

        if (!JoinerRule.Allows(label))
        {
            return "a joiner stands where its script does not use one (RFC 5892, A.1 and A.2)";
        }

        return isBidi && !BidiRule.Allows(label) ? "letters of both directions are mixed (RFC 5893)" : null;
    }

    private static Ruling Refuse(string name, string problem) =>
        Ruling.Refuse("NOT_A_DOMAIN_NAME", $"{Excerpt.Quote(name)} is not a domain name: {problem}", Remedy);
}
