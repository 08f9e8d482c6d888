namespace Deconfliction.LoadTests.Rows.Results;

/// <summary>The table in a file for readers, between two marks, so that it holds what the command printed and nothing else.</summary>
internal static class ReadmeTable
{
    /// <summary>What stands before the table.</summary>
    public const string Begin = "<!-- loadtests/run: table -->";

    /// <summary>What stands after it.</summary>
    public const string End = "<!-- loadtests/run: end -->";

    /// <summary>The text with another table between the marks.</summary>
    /// <exception cref="FormatException">It has not exactly one of each, in their order.</exception>
    public static string Replace(string text, string table)
    {
        var (begin, end) = (text.IndexOf(Begin, StringComparison.Ordinal), text.IndexOf(End, StringComparison.Ordinal));
        return begin >= 0 && end > begin && text.LastIndexOf(Begin, StringComparison.Ordinal) == begin && text.LastIndexOf(End, StringComparison.Ordinal) == end
            ? string.Concat(text.AsSpan(0, begin + Begin.Length), "\n", table, text.AsSpan(end))
            : throw new FormatException($"There is no place for the table: the file needs one line '{Begin}', and after it one '{End}'.");
    }
}
