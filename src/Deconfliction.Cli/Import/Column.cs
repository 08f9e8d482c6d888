namespace Deconfliction.Cli.Import;

/// <summary>What a column of an import file says.</summary>
internal enum Column
{
    /// <summary>Nothing: the user said to ignore it.</summary>
    Ignored,
    Kind,
    Value,
    Case,
    Contact,
    Purpose,
    LegalBasis,
    Priority,
    Disclosure,
    Handling,
    From,
    Until,
    Tolerance,
    Port,
    Expires,
}

/// <summary>The columns' names in a header or as JSON properties: snake_case, case and '-' or blank for '_' do not matter.</summary>
internal static class ColumnNames
{
    private static readonly Dictionary<string, Column> ByName = Enum.GetValues<Column>()
        .Where(column => column != Column.Ignored)
        .Select(column => (Name: Of(column), Column: column))
        .Append((Name: "case_reference", Column: Column.Case))
        .ToDictionary(pair => pair.Name, pair => pair.Column, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every name, for a message.</summary>
    public static string All => string.Join(", ", Enum.GetValues<Column>().Where(column => column != Column.Ignored).Select(Of));

    public static string Of(Column column) => column == Column.LegalBasis ? "legal_basis" : column.ToString().ToLowerInvariant();

    public static bool TryParse(string name, out Column column) =>
        ByName.TryGetValue(name.Trim().Replace('-', '_').Replace(' ', '_'), out column);

    /// <summary>The column that a field of the protocol comes from, by the last part of its path; the path itself if none does.</summary>
    public static string OfField(string path) => path[(path.LastIndexOf('.') + 1)..] switch
    {
        "lifetime" => Of(Column.Expires),
        "identifier" => Of(Column.Value),
        "window" => Of(Column.From),
        var name => TryParse(name, out var column) ? Of(column) : path,
    };
}
