namespace Deconfliction.Domain.Identifiers.Unicode;

/// <summary>
/// The profiles UsernameCaseMapped and UsernameCasePreserved of RFC 8265 over the IdentifierClass of RFC 8264. Lower case
/// is context-free: a capital sigma at the end of a word becomes σ, as it does elsewhere in it.
/// </summary>
internal static class Precis
{
    private const int MaximumPasses = 4;

    /// <summary>The enforced form, or null with what is wrong.</summary>
    public static string? Enforce(string text, bool foldsCase, out string? problem)
    {
        // RFC 8264, section 7: a profile is applied until it changes nothing more; what does not settle is refused.
        for (var pass = 0; pass < MaximumPasses; pass++)
        {
            var enforced = EnforceOnce(text, foldsCase, out problem);
            if (problem is not null || string.Equals(enforced, text, StringComparison.Ordinal))
            {
                return problem is null ? enforced : null;
            }

            text = enforced;
        }

        problem = "it has no stable form (RFC 8264, 7)";
        return null;
    }

    private static string EnforceOnce(string text, bool foldsCase, out string? problem)
    {
        if (System.Text.Ascii.IsValid(text))
        {
            problem = text.AsSpan().ContainsAnyExceptInRange('!', '~') ? "it holds a space (RFC 8264, 9.11)" : null;
            return foldsCase ? text.ToLowerInvariant() : text;
        }

        var tables = UnicodeTables.Instance;
        var mapped = Map(CodePoints.From(text), tables.Width);
        var folded = foldsCase ? Map(mapped, tables.Lower) : mapped;
        var normalised = Normalisation.ToNfc(folded);
        problem = Problem(normalised);
        return CodePoints.ToText(normalised);
    }

    private static List<int> Map(List<int> text, Dictionary<int, int[]> table)
    {
        var mapped = new List<int>(text.Count);
        foreach (var codePoint in text)
        {
            mapped.AddRange(table.TryGetValue(codePoint, out var becomes) ? becomes : [codePoint]);
        }

        return mapped;
    }

    private static string? Problem(List<int> text)
    {
        for (var i = 0; i < text.Count; i++)
        {
            if (!IsAllowed(text, i))
            {
                return $"U+{text[i]:X4} is not allowed in names, or not at this place (RFC 8264, 4.2)";
            }
        }

        if (!JoinerRule.Allows(text))
        {
            return "a joiner stands where its script does not use one (RFC 5892, A.1 and A.2)";
        }

        return BidiRule.HasRightToLeft(text) && !BidiRule.Allows(text) ? "letters of both directions are mixed (RFC 5893)" : null;
    }

    /// <summary>The derived property of RFC 8264, section 8, in its order.</summary>
    private static bool IsAllowed(List<int> text, int position)
    {
        var code = text[position];
        switch (code)
        {
            case 0x00DF or 0x03C2 or 0x06FD or 0x06FE or 0x0F0B or 0x3007 or 0x200C or 0x200D:
                return true;
            case 0x0640 or 0x07FA or 0x302E or 0x302F or (>= 0x3031 and <= 0x3035) or 0x303B:
                return false;
            case 0x00B7 or 0x0375 or 0x05F3 or 0x05F4 or 0x30FB or (>= 0x0660 and <= 0x0669) or (>= 0x06F0 and <= 0x06F9):
                return IsAllowedByContext(text, position);
            case > ' ' and < 0x7F:
                return true;
            default:
                var properties = CodePoints.Of(code);
                return properties.IsLetterOrDigit && !properties.IsIgnorable && !properties.HasCompatibility && !IsOldHangulJamo(code);
        }
    }

    /// <summary>The CONTEXTO rules of RFC 5892, appendices A.3 to A.9. Scripts are told by their blocks.</summary>
    private static bool IsAllowedByContext(List<int> text, int position)
    {
        var before = position > 0 ? text[position - 1] : 0;
        var after = position + 1 < text.Count ? text[position + 1] : 0;
        return text[position] switch
        {
            0x00B7 => before == 'l' && after == 'l',
            0x0375 => after is (>= 0x0370 and <= 0x03FF) or (>= 0x1F00 and <= 0x1FFF),
            0x05F3 or 0x05F4 => before is (>= 0x0591 and <= 0x05F2) or (>= 0xFB1D and <= 0xFB4F),
            0x30FB => text.Exists(IsHanOrKana),
            >= 0x0660 and <= 0x0669 => !text.Exists(code => code is >= 0x06F0 and <= 0x06F9),
            _ => !text.Exists(code => code is >= 0x0660 and <= 0x0669),
        };
    }

    private static bool IsHanOrKana(int code) => code is (>= 0x3041 and <= 0x30FA) or (>= 0x30FD and <= 0x30FF) or 0x3005 or 0x3007
        or (>= 0x31F0 and <= 0x31FF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0x20000 and <= 0x3FFFD);

    private static bool IsOldHangulJamo(int code) => code is (>= 0x1100 and <= 0x11FF) or (>= 0xA960 and <= 0xA97C) or (>= 0xD7B0 and <= 0xD7FB);
}
