using System.Text;
using System.Text.Unicode;
using Deconfliction.Cli.Invocation;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Import;

/// <summary>
/// Reads an import file as a stream of items. A bad record is told and skipped; it harms no other. Request ids are random: a
/// repeated line is found by what it claims (DESIGN.md, rule 3), so a second run counts it as a duplicate.
/// </summary>
internal sealed class ImportFile : IDisposable
{
    private readonly Stream _stream;
    private readonly RecordSplitter _records;
    private readonly IRecordParser _parser;
    private readonly ItemBuilder _builder;

    private ImportFile(Stream stream, RecordSplitter records, IRecordParser parser, ClaimInput template)
    {
        _stream = stream;
        _records = records;
        _parser = parser;
        _builder = new ItemBuilder(template);
    }

    /// <summary>The file's size in bytes.</summary>
    public long Length => _stream.Length;

    /// <summary>How many of its bytes were read.</summary>
    public long BytesRead => _records.BytesRead;

    /// <summary>Opens a file, and reads its header if it has one.</summary>
    /// <param name="stream">The file, at the start of its text (<see cref="FileStart"/>); it is closed with this object.</param>
    /// <param name="format">How it is written.</param>
    /// <param name="template">The attributes of the command line.</param>
    /// <param name="ignored">Columns that are not looked at.</param>
    /// <exception cref="WrongUseException">The header is missing, or a column is unknown, doubled or missing.</exception>
    public static ImportFile Open(Stream stream, FileFormat format, ClaimInput template, IReadOnlyCollection<string> ignored)
    {
        var records = new RecordSplitter(stream, quotes: format == FileFormat.Csv);
        IRecordParser parser = format == FileFormat.Jsonl
            ? new JsonParser(ignored)
            : new SeparatedParser(format, Header.Read(records, format, template, ignored));
        return new ImportFile(stream, records, parser, template);
    }

    /// <summary>All items, read as they are asked for.</summary>
    /// <param name="rejected">Told of each record that is no item.</param>
    public IEnumerable<ImportItem> Items(Action<Rejection> rejected)
    {
        long position = 0;
        while (_records.TryRead(out var record))
        {
            _builder.Start();
            if (Reject(record) is { } rejection)
            {
                rejected(rejection);
                continue;
            }

            if (_builder.Finish(out var claim) is var (column, fault))
            {
                rejected(new Rejection(record.Line, ColumnNames.Of(column), "", fault.Reason, fault.Description, fault.Remedy));
                continue;
            }

            yield return new ImportItem { Position = ++position, Line = record.Line, RequestId = Guid.CreateVersion7().ToString(), Claim = claim };
        }
    }

    public void Dispose() => _stream.Dispose();

    private Rejection? Reject(RawRecord record)
    {
        switch (record.Fault)
        {
            case RecordFault.TooLong:
                return new Rejection(record.Line, "", Lossy(record.Bytes.Span), "LINE_TOO_LONG",
                    $"The line is longer than {RecordSplitter.MaxRecordBytes} bytes.", "Shorten it; a value has at most 2048 bytes.");
            case RecordFault.OpenQuote:
                return new Rejection(record.Line, "", Lossy(record.Bytes.Span), "OPEN_QUOTE",
                    "A quote is opened and not closed.", "Close it, or double it if it belongs to the value.");
            default:
                return _parser.Parse(record, _builder);
        }
    }

    /// <summary>The bytes as text for a message: what is no UTF-8 becomes U+FFFD.</summary>
    internal static string Lossy(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    /// <summary>A column's bytes as text; otherwise why not.</summary>
    internal static Rejection? Decode(long line, string column, ReadOnlySpan<byte> bytes, out string text)
    {
        text = Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : "";
        return text.Length == 0 && !bytes.IsEmpty
            ? new Rejection(line, column, Lossy(bytes), "BAD_UTF8", "These bytes are not UTF-8.", "Convert the file to UTF-8.")
            : null;
    }
}
