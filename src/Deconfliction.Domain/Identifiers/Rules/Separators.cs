namespace Deconfliction.Domain.Identifiers.Rules;

/// <summary>Grouping signs inside numbers, which mean nothing.</summary>
internal static class Separators
{
    /// <summary>The text without any of the signs; the same string where it has none.</summary>
    public static string Remove(string text, string signs) =>
        text.AsSpan().ContainsAny(signs) ? string.Concat(text.Where(c => !signs.Contains(c, StringComparison.Ordinal))) : text;
}
