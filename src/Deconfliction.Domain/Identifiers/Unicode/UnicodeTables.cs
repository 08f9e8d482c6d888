using System.Globalization;
using System.Text;

namespace Deconfliction.Domain.Identifiers.Unicode;

/// <summary>
/// The contents of <c>unicode.txt</c> (see <c>generate.py</c>), read once, when the first text beyond ASCII comes. The
/// process runs without ICU, where the platform's Normalize changes nothing and its IdnMapping does not map; and a
/// canonical form must not change with the machine.
/// </summary>
internal sealed class UnicodeTables
{
    private static readonly Lazy<UnicodeTables> Loaded = new(Load);

    public static UnicodeTables Instance => Loaded.Value;

    public SpanTable<CodePointProperties> Properties { get; } = new(CodePointProperties.Unassigned);

    /// <summary>Full canonical decompositions, Hangul syllables apart.</summary>
    public Dictionary<int, int[]> Decompositions { get; } = [];

    public Dictionary<(int First, int Second), int> Compositions { get; } = [];

    public Dictionary<int, int[]> Lower { get; } = [];

    public Dictionary<int, int[]> Width { get; } = [];

    /// <summary>UTS-46 status: what a character becomes; empty where ignored; null where disallowed; itself stands as <see cref="Valid"/>.</summary>
    public SpanTable<int[]?> Idna { get; } = new(outside: null);

    /// <summary>Marks a character that stays as it is.</summary>
    public static readonly int[] Valid = [-1];

    private static UnicodeTables Load()
    {
        var tables = new UnicodeTables();
        using var stream = typeof(UnicodeTables).Assembly.GetManifestResourceStream("Deconfliction.Domain.Unicode.txt")
            ?? throw new InvalidOperationException("the assembly was built without its Unicode tables (unicode.txt)");
        using var reader = new StreamReader(stream, Encoding.ASCII);
        var section = string.Empty;
        while (reader.ReadLine() is { } line)
        {
            if (line[0] == '[')
            {
                section = line[..(line.IndexOf(']', StringComparison.Ordinal) + 1)];
            }
            else if (line[0] != '#')
            {
                tables.Add(section, line.Split(' '));
            }
        }

        return tables;
    }

    private void Add(string section, string[] fields)
    {
        switch (section)
        {
            case "[properties]":
                Properties.Add(Span(fields[0]), CodePointProperties.Parse(fields));
                break;
            case "[decompositions]":
                Decompositions.Add(CodePoint(fields[0]), Sequence(fields, 1));
                break;
            case "[compositions]":
                Compositions.Add((CodePoint(fields[0]), CodePoint(fields[1])), CodePoint(fields[2]));
                break;
            case "[lower]":
                Lower.Add(CodePoint(fields[0]), Sequence(fields, 1));
                break;
            case "[width]":
                Width.Add(CodePoint(fields[0]), Sequence(fields, 1));
                break;
            case "[idna]":
                Idna.Add(Span(fields[0]), fields[1] == "V" ? Valid : Sequence(fields, 2));
                break;
            default:
                throw new InvalidOperationException($"unicode.txt has an unknown section '{section}'");
        }
    }

    private static (int First, int Last) Span(string text)
    {
        var dots = text.IndexOf("..", StringComparison.Ordinal);
        return dots < 0 ? (CodePoint(text), CodePoint(text)) : (CodePoint(text[..dots]), CodePoint(text[(dots + 2)..]));
    }

    private static int CodePoint(string hex) => int.Parse(hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static int[] Sequence(string[] fields, int from) => [.. fields.Skip(from).Select(CodePoint)];
}
