namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>The two parts of a compound value, <c>prefix:value</c>. Space around either is dropped.</summary>
internal static class Prefixed
{
    public static bool TrySplit(string text, out string prefix, out string value)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        prefix = colon < 0 ? string.Empty : text[..colon].Trim();
        value = colon < 0 ? string.Empty : text[(colon + 1)..].Trim();
        return prefix.Length > 0 && value.Length > 0;
    }

    public static Ruling Missing(string text, string prefixName, string example) => Ruling.Refuse(
        $"NO_{prefixName.ToUpperInvariant()}",
        $"{Excerpt.Quote(text)} does not say which {prefixName} it is of: it needs {prefixName} and value with a colon between",
        $"Write it like {example}.");
}
