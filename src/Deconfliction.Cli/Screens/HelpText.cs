using Deconfliction.Cli.Text;

namespace Deconfliction.Cli.Screens;

/// <summary>
/// The help that System.CommandLine writes, in another language: its headings and marks are English, and the process runs under the invariant
/// culture, which names no other. What commands and options are for is in the reader's language before it is written.
/// </summary>
internal static class HelpText
{
    private const string Required = "(REQUIRED)";
    private const string Default = "[default: ";

    /// <summary>The help with its headings and marks in a language. Columns stay where they are.</summary>
    public static string In(Speech speech, string help) => string.Join('\n', help.ReplaceLineEndings("\n").Split('\n').Select(line => Line(speech, line)));

    private static string Line(Speech speech, string line)
    {
        if (line.Length > 0 && line[0] != ' ')
        {
            return speech.Of(line);
        }

        line = line.Replace("[command]", speech.Of("[command]"), StringComparison.Ordinal);
        line = line.Replace(Required, speech.Of(Required).PadRight(Required.Length), StringComparison.Ordinal);
        var at = line.IndexOf(Default, StringComparison.Ordinal);
        return at < 0 ? line : line[..at] + speech.Of(line[at..]);
    }
}
