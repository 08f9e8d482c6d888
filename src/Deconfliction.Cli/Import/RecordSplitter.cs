using System.Buffers;

namespace Deconfliction.Cli.Import;

/// <summary>
/// Splits a stream into records at line ends (LF or CR LF), and counts lines. With <c>quotes</c>, a line end between quotes
/// belongs to the record (RFC 4180). It holds one buffer, whatever the file's size. An open quote costs its own line only: the
/// search goes on with the line after it.
/// </summary>
internal sealed class RecordSplitter(Stream stream, bool quotes)
{
    /// <summary>The longest record, in bytes: a valid claim, all escaped, is shorter.</summary>
    public const int MaxRecordBytes = 16 * 1024;

    private const int BufferBytes = 256 * 1024;
    private static readonly SearchValues<byte> EndOrQuote = SearchValues.Create("\n\""u8);

    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;
    private bool _ended;
    private long _line = 1;

    /// <summary>How many bytes were read from the stream.</summary>
    public long BytesRead { get; private set; }

    /// <summary>The next record that is not blank; false at the end.</summary>
    public bool TryRead(out RawRecord record)
    {
        while (true)
        {
            if (!Ensure())
            {
                record = default;
                return false;
            }

            record = Next();
            if (!record.Bytes.Span.Trim(" \t\r"u8).IsEmpty || record.Fault != RecordFault.None)
            {
                return true;
            }
        }
    }

    private RawRecord Next()
    {
        var window = _buffer.AsSpan(_start, Math.Min(_end - _start, MaxRecordBytes + 2));
        var end = FindEnd(window, quotes, out var lines, out var open);
        if (end >= 0)
        {
            return Take(end, end + 1, lines, RecordFault.None);
        }

        if (open)
        {
            // Whatever follows may be good: only the line with the open quote is lost.
            var first = window.IndexOf((byte)'\n');
            return first >= 0 ? Take(first, first + 1, 1, RecordFault.OpenQuote) : TakeRest(window.Length, RecordFault.OpenQuote);
        }

        return window.Length <= MaxRecordBytes ? Take(window.Length, window.Length, lines, RecordFault.None) : TakeRest(MaxRecordBytes, RecordFault.TooLong);
    }

    /// <summary>The place of the record's line end; -1 if there is none. Counts the lines that the record spans.</summary>
    private static int FindEnd(ReadOnlySpan<byte> window, bool quotes, out int lines, out bool open)
    {
        (lines, open) = (1, false);
        if (!quotes)
        {
            return window.IndexOf((byte)'\n');
        }

        for (var at = 0; ; at++)
        {
            var next = window[at..].IndexOfAny(EndOrQuote);
            if (next < 0)
            {
                return -1;
            }

            at += next;
            if (window[at] == '"')
            {
                open = !open;
            }
            else if (open)
            {
                lines++;
            }
            else
            {
                return at;
            }
        }
    }

    private RawRecord Take(int length, int consumed, int lines, RecordFault fault)
    {
        var bytes = _buffer.AsMemory(_start, length);
        if (length > 0 && bytes.Span[^1] == '\r')
        {
            bytes = bytes[..^1];
        }

        var record = new RawRecord(_line, bytes, length > MaxRecordBytes ? RecordFault.TooLong : fault);
        _start += consumed;
        _line += lines;
        return record;
    }

    /// <summary>Takes the start of an overlong line for the message, and skips the rest of it.</summary>
    private RawRecord TakeRest(int length, RecordFault fault)
    {
        var shown = _buffer.AsSpan(_start, Math.Min(length, MaxRecordBytes)).ToArray();
        var record = new RawRecord(_line, shown, fault);
        _start += length;
        while (Ensure())
        {
            var end = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (end >= 0)
            {
                _start += end + 1;
                break;
            }

            _start = _end;
        }

        _line++;
        return record;
    }

    /// <summary>Sees that a whole record, or all that is left, lies in the buffer; false at the end of the stream.</summary>
    private bool Ensure()
    {
        if (_end - _start <= MaxRecordBytes + 2 && !_ended)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
            while (!_ended && _end < _buffer.Length)
            {
                var read = stream.Read(_buffer.AsSpan(_end));
                _ended = read == 0;
                _end += read;
                BytesRead += read;
            }
        }

        return _start < _end;
    }
}
