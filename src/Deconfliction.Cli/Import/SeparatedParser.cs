namespace Deconfliction.Cli.Import;

/// <summary>Reads records of TSV and CSV.</summary>
internal sealed class SeparatedParser(FileFormat format, Column[] columns) : IRecordParser
{
    private readonly List<ReadOnlyMemory<byte>> _fields = new(columns.Length);

    public Rejection? Parse(RawRecord record, ItemBuilder builder)
    {
        if (Split(record.Bytes) is { } malformed)
        {
            return new Rejection(record.Line, "", ImportFile.Lossy(record.Bytes.Span), "MALFORMED_LINE", malformed, "Quote the field as a whole, and double the quotes within.");
        }

        if (_fields.Count != columns.Length)
        {
            return new Rejection(record.Line, "", ImportFile.Lossy(record.Bytes.Span), "WRONG_FIELD_COUNT",
                $"The line has {_fields.Count} fields, the header {columns.Length}.", "Give it as many as the header.");
        }

        for (var i = 0; i < columns.Length; i++)
        {
            if (Field(record.Line, columns[i], _fields[i].Span, builder) is { } rejection)
            {
                return rejection;
            }
        }

        return null;
    }

    private string? Split(ReadOnlyMemory<byte> record)
    {
        if (format == FileFormat.Csv)
        {
            return FieldSplitter.SplitCommas(record, _fields);
        }

        FieldSplitter.SplitTabs(record, _fields);
        return null;
    }

    private static Rejection? Field(long line, Column column, ReadOnlySpan<byte> bytes, ItemBuilder builder)
    {
        if (column == Column.Ignored)
        {
            return null;
        }

        if (ImportFile.Decode(line, ColumnNames.Of(column), bytes, out var text) is { } undecodable)
        {
            return undecodable;
        }

        return builder.Set(column, text) is { } fault
            ? new Rejection(line, ColumnNames.Of(column), text, fault.Reason, fault.Description, fault.Remedy)
            : null;
    }
}
