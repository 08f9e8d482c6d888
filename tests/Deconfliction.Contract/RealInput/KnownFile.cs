using Deconfliction.Testing.Processes;

namespace Deconfliction.Contract.RealInput;

/// <summary>What an agency's file holds, found by a few plain lines apart from the code under test.</summary>
/// <param name="Distinct">Different identifiers: the claims that its import makes.</param>
/// <param name="Repeated">Rows whose identifier an earlier one of the same file has.</param>
/// <param name="Malformed">Numbers of the lines that hold no identifier.</param>
internal sealed record KnownFile(int Distinct, int Repeated, IReadOnlyList<int> Malformed)
{
    /// <summary>Reads it.</summary>
    public static KnownFile Of(string agency)
    {
        var rows = File.ReadLines(Path.Combine(Repository.RealInput!, agency + ".tsv"))
            .Select((line, index) => (Cells: line.Replace("[.]", ".", StringComparison.Ordinal).Split('\t'), Number: index + 1))
            .Where(row => row.Number > 1)
            .ToLookup(row => IsMalformed(row.Cells[0], row.Cells[1]));
        var distinct = rows[false].Select(row => (row.Cells[0], Folded(row.Cells[0], row.Cells[1]))).ToHashSet().Count;
        return new KnownFile(distinct, rows[false].Count() - distinct, [.. rows[true].Select(row => row.Number)]);
    }

    // A row is malformed where it says ip, is no IPv6 address (they hold colons) and is not four numbers up to 255, be it defanged or not.
    private static bool IsMalformed(string kind, string value) =>
        kind == "ip" && !value.Contains(':', StringComparison.Ordinal)
        && !(value.Split('.') is { Length: 4 } parts && parts.All(part => int.TryParse(part, out var number) && number < 256));

    // Case tells nothing apart but what stands before an e-mail's @.
    private static string Folded(string kind, string value) => kind == "email" && value.LastIndexOf('@') is var at and > 0
        ? value[..at] + value[at..].ToUpperInvariant()
        : value.ToUpperInvariant();
}
