namespace Deconfliction.Cli.Import;

/// <summary>How an import file is written.</summary>
internal enum FileFormat
{
    /// <summary>A header line, then a line a record; fields between tabs, never quoted (IANA text/tab-separated-values).</summary>
    Tsv,

    /// <summary>A header line, then records with commas and quotes (RFC 4180).</summary>
    Csv,

    /// <summary>One JSON object a line, without a header.</summary>
    Jsonl,
}

/// <summary>Names of file formats.</summary>
internal static class FileFormats
{
    /// <summary>The format that the file's name promises; null if it promises none.</summary>
    public static FileFormat? OfPath(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".tsv" or ".tab" => FileFormat.Tsv,
        ".csv" => FileFormat.Csv,
        ".jsonl" or ".ndjson" => FileFormat.Jsonl,
        _ => null,
    };
}
