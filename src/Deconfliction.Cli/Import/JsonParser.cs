using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace Deconfliction.Cli.Import;

/// <summary>Reads records of JSON lines: an object each, with the columns as properties; texts, or whole numbers.</summary>
internal sealed class JsonParser(IReadOnlyCollection<string> ignored) : IRecordParser
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = 8 };

    public Rejection? Parse(RawRecord record, ItemBuilder builder)
    {
        if (!Utf8.IsValid(record.Bytes.Span))
        {
            return Bad(record, "BAD_UTF8", "These bytes are not UTF-8.", "Convert the file to UTF-8.");
        }

        try
        {
            var reader = new Utf8JsonReader(record.Bytes.Span, Strict);
            return reader.Read() && reader.TokenType == JsonTokenType.StartObject
                ? Properties(record, ref reader, builder)
                : Bad(record, "NOT_AN_OBJECT", "The line is not a JSON object.", "Write one object a line.");
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            return Bad(record, "MALFORMED_JSON", WhatOf(problem), "Write one object a line.");
        }
    }

    // The reader's message ends with its own count of lines, which would be taken for the file's.
    private static string WhatOf(Exception problem)
    {
        var end = problem.Message.IndexOf("LineNumber:", StringComparison.Ordinal);
        return end > 0 && problem is JsonException { BytePositionInLine: { } place }
            ? $"The line is not JSON, from byte {place + 1} on: {problem.Message[..end].TrimEnd()}"
            : $"The line is not JSON: {problem.Message}";
    }

    private Rejection? Properties(RawRecord record, ref Utf8JsonReader reader, ItemBuilder builder)
    {
        var seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            if (ignored.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                reader.Skip();
                continue;
            }

            if (!ColumnNames.TryParse(name, out var column))
            {
                return new Rejection(record.Line, name, "", "UNKNOWN_COLUMN", "This property is unknown.", $"Properties are {ColumnNames.All}. To leave it out: --ignore \"{name}\".");
            }

            if ((seen & (1 << (int)column)) != 0)
            {
                return new Rejection(record.Line, name, "", "DOUBLED_COLUMN", "This property stands there twice.", "Leave one.");
            }

            seen |= 1 << (int)column;
            if (Property(record.Line, column, ref reader, builder) is { } rejection)
            {
                return rejection;
            }
        }

        // Reads on, so that text after the object is found.
        while (reader.Read())
        {
        }

        return null;
    }

    private static Rejection? Property(long line, Column column, ref Utf8JsonReader reader, ItemBuilder builder)
    {
        var name = ColumnNames.Of(column);
        string? text;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                text = reader.GetString();
                break;
            case JsonTokenType.Number:
                // As written: a 64-bit account id must not lose digits on the way through a double.
                text = Encoding.UTF8.GetString(reader.ValueSpan);
                break;
            default:
                return new Rejection(line, name, "", "NOT_A_TEXT", "This is neither a text nor a number.", "Write a text.");
        }

        return builder.Set(column, text!) is { } fault ? new Rejection(line, name, text!, fault.Reason, fault.Description, fault.Remedy) : null;
    }

    private static Rejection Bad(RawRecord record, string reason, string description, string remedy) =>
        new(record.Line, "", ImportFile.Lossy(record.Bytes.Span), reason, description, remedy);
}
