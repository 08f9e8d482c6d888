using System.Text.Unicode;
using Deconfliction.Cli.Invocation;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Import;

/// <summary>The header line of a TSV or CSV file: which column stands where.</summary>
internal static class Header
{
    /// <exception cref="WrongUseException">It is missing, or a column is unknown, doubled or missing.</exception>
    public static Column[] Read(RecordSplitter records, FileFormat format, ClaimInput template, IReadOnlyCollection<string> ignored)
    {
        if (!records.TryRead(out var record))
        {
            throw Refused("The file is empty.");
        }

        var fields = new List<ReadOnlyMemory<byte>>();
        if (format == FileFormat.Tsv)
        {
            FieldSplitter.SplitTabs(record.Bytes, fields);
        }
        else if (FieldSplitter.SplitCommas(record.Bytes, fields) is { } fault)
        {
            throw Wrong(fault);
        }

        if (!fields.Exists(field => IsColumn(field.Span, out _)))
        {
            throw SeparatedOtherwise(ImportFile.Lossy(record.Bytes.Span), format) ?? Refused("The first line names none of the columns. Is it data, with no header before it?");
        }

        var columns = fields.Select(field => Named(field.Span, ignored)).ToArray();
        Check(columns, template);
        return columns;
    }

    // Spreadsheets of half of Europe write semicolons, and a file that was given another name is not written otherwise.
    private static WrongUseException? SeparatedOtherwise(string line, FileFormat format) => format switch
    {
        _ when NamesColumns(line, ';') => new("BAD_HEADER", "The columns are separated by semicolons.", "Save the file with commas or tabs between its columns."),
        FileFormat.Tsv when NamesColumns(line, ',') => new("BAD_HEADER", "The columns are separated by commas.", "Give --format csv."),
        FileFormat.Csv when NamesColumns(line, '\t') => new("BAD_HEADER", "The columns are separated by tabs.", "Give --format tsv."),
        _ => null,
    };

    private static bool NamesColumns(string line, char separator) =>
        line.Contains(separator, StringComparison.Ordinal)
        && line.Split(separator).Any(static field => ColumnNames.TryParse(field.Trim(' ', '"'), out _));

    private static Column Named(ReadOnlySpan<byte> bytes, IReadOnlyCollection<string> ignored)
    {
        var name = ImportFile.Lossy(bytes).Trim();
        if (ignored.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            return Column.Ignored;
        }

        // A misspelt 'disclosure' that was silently dropped would disclose more than its owner meant to.
        return IsColumn(bytes, out var column)
            ? column
            : throw new WrongUseException(
                "UNKNOWN_COLUMN", $"The column '{name}' is unknown.", $"Columns are {ColumnNames.All}. To leave this one out: --ignore \"{name}\".", name);
    }

    private static bool IsColumn(ReadOnlySpan<byte> bytes, out Column column)
    {
        column = default;
        return Utf8.IsValid(bytes) && ColumnNames.TryParse(ImportFile.Lossy(bytes).Trim(), out column);
    }

    private static void Check(Column[] columns, ClaimInput template)
    {
        var doubled = columns.Where(column => column != Column.Ignored).GroupBy(column => column).FirstOrDefault(group => group.Count() > 1);
        if (doubled is not null)
        {
            throw Wrong($"The column '{ColumnNames.Of(doubled.Key)}' stands there twice.", ColumnNames.Of(doubled.Key));
        }

        foreach (var needed in new[] { Column.Kind, Column.Value })
        {
            if (!columns.Contains(needed))
            {
                throw Wrong($"The column '{ColumnNames.Of(needed)}' is missing.", ColumnNames.Of(needed));
            }
        }

        if (template.CaseReference.Length == 0 && !columns.Contains(Column.Case))
        {
            throw new WrongUseException("CASE_MISSING", "No case is named.", "Name it with --case, or give the file a column 'case'.", ColumnNames.Of(Column.Case));
        }
    }

    private static WrongUseException Wrong(string problem, string field = "") => Refused($"The file's header is wrong: {problem}", field);

    private static WrongUseException Refused(string problem, string field = "") => new(
        "BAD_HEADER", problem, $"Start the file with a line that names its columns: kind and value, and any others of {ColumnNames.All}.", field);
}
