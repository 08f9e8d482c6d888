namespace Deconfliction.Cli.Import;

/// <summary>Splits a record's bytes into the bytes of its fields. Separators and quotes are ASCII, so this is right for any UTF-8.</summary>
internal static class FieldSplitter
{
    /// <summary>Fields between tabs, as they are.</summary>
    public static void SplitTabs(ReadOnlyMemory<byte> record, List<ReadOnlyMemory<byte>> fields)
    {
        fields.Clear();
        while (record.Span.IndexOf((byte)'\t') is var tab and >= 0)
        {
            fields.Add(record[..tab]);
            record = record[(tab + 1)..];
        }

        fields.Add(record);
    }

    /// <summary>Fields between commas, perhaps quoted (RFC 4180). Returns what is wrong, or null.</summary>
    public static string? SplitCommas(ReadOnlyMemory<byte> record, List<ReadOnlyMemory<byte>> fields)
    {
        fields.Clear();
        while (true)
        {
            if (record.Span is [(byte)'"', ..])
            {
                if (!TryUnquote(record[1..], out var field, out record))
                {
                    return $"Field {fields.Count + 1} opens with a quote that is not closed, or has text after the closing one.";
                }

                fields.Add(field);
            }
            else
            {
                var comma = record.Span.IndexOf((byte)',');
                var field = comma < 0 ? record : record[..comma];
                if (field.Span.Contains((byte)'"'))
                {
                    return $"Field {fields.Count + 1} has a quote inside, but is not quoted as a whole.";
                }

                fields.Add(field);
                record = record[field.Length..];
            }

            if (record.IsEmpty)
            {
                return null;
            }

            record = record[1..];
        }
    }

    /// <summary>Reads up to the closing quote. What is left must be empty or start with a comma.</summary>
    private static bool TryUnquote(ReadOnlyMemory<byte> text, out ReadOnlyMemory<byte> field, out ReadOnlyMemory<byte> left)
    {
        var doubled = false;
        for (var at = 0; ;)
        {
            var quote = text.Span[at..].IndexOf((byte)'"');
            if (quote < 0)
            {
                (field, left) = (default, default);
                return false;
            }

            at += quote;
            if (at + 1 < text.Length && text.Span[at + 1] == '"')
            {
                doubled = true;
                at += 2;
                continue;
            }

            field = doubled ? Undouble(text.Span[..at]) : text[..at];
            left = text[(at + 1)..];
            return left.IsEmpty || left.Span[0] == ',';
        }
    }

    private static byte[] Undouble(ReadOnlySpan<byte> quoted)
    {
        var plain = new byte[quoted.Length];
        var length = 0;
        for (var i = 0; i < quoted.Length; i++)
        {
            plain[length++] = quoted[i];
            i += quoted[i] == '"' ? 1 : 0;
        }

        return plain[..length];
    }
}
