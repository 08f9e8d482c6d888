using System.Text;

namespace Deconfliction.Cli;

/// <summary>
/// The protocol's enum values as the command line and JSON spell them: UPPER_SNAKE_CASE without the enum's own name.
/// On input case does not matter, and '-', ':', '+' and blanks stand for '_' (TLP:AMBER+STRICT, law-enforcement).
/// </summary>
internal static class EnumText
{
    /// <summary>The value's name; empty for the unspecified one, and its number for one that this program does not know.</summary>
    public static string Of<T>(T value)
        where T : struct, Enum => Names<T>.ByValue.TryGetValue(value, out var name) ? name : value.ToString();

    /// <summary>Every value's name, in order, without the unspecified one.</summary>
    public static IEnumerable<string> All<T>()
        where T : struct, Enum => Enum.GetValues<T>().Select(Of).Where(name => name.Length > 0);

    /// <summary>Reads a name. The unspecified value and numbers are no names.</summary>
    public static bool TryParse<T>(string text, out T value)
        where T : struct, Enum =>
        Names<T>.ByName.TryGetValue(text.Trim().Replace('-', '_').Replace(':', '_').Replace('+', '_').Replace(' ', '_'), out value);

    private static string Spell(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        for (var i = 0; i < name.Length; i++)
        {
            if (i > 0 && char.IsAsciiLetterUpper(name[i]))
            {
                text.Append('_');
            }

            text.Append(char.ToUpperInvariant(name[i]));
        }

        return text.ToString();
    }

    private static class Names<T>
        where T : struct, Enum
    {
        public static readonly Dictionary<T, string> ByValue =
            Enum.GetValues<T>().ToDictionary(value => value, value => value.ToString() == "Unspecified" ? "" : Spell(value.ToString()));

        public static readonly Dictionary<string, T> ByName = ByValue
            .Where(pair => pair.Value.Length > 0)
            .ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.OrdinalIgnoreCase);
    }
}
