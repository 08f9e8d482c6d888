using Deconfliction.Cli.Invocation;

namespace Deconfliction.Cli.Import;

/// <summary>Opens an import file at the start of its text. What is no text in UTF-8 is told by name, not as a header that is wrong.</summary>
internal static class FileStart
{
    /// <summary>Opens a file.</summary>
    /// <exception cref="WrongUseException">It is no file of text in UTF-8.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path))
        {
            throw new WrongUseException("NOT_A_FILE", $"'{path}' is a folder.", "Name a file; the files of a folder are imported one by one.");
        }

        var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        try
        {
            if (!stream.CanSeek)
            {
                throw new WrongUseException("NOT_A_FILE", $"'{path}' is a pipe or a device.", "Write what comes from it to a file, and import that: so it can be done again.");
            }

            Pass(stream);
            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Passes over a byte order mark.</summary>
    /// <exception cref="WrongUseException">It is no text in UTF-8.</exception>
    public static void Pass(Stream stream)
    {
        Span<byte> buffer = stackalloc byte[4];
        var start = buffer[..stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false)];
        if (Refusal(start) is { } refusal)
        {
            throw refusal;
        }

        var mark = start.StartsWith("\uFEFF"u8) ? "\uFEFF"u8.Length : 0;
        stream.Seek(mark - start.Length, SeekOrigin.Current);
    }

    private static WrongUseException? Refusal(ReadOnlySpan<byte> start) => start switch
    {
        [0x1F, 0x8B, ..] => Compressed("gzip"),
        [(byte)'B', (byte)'Z', (byte)'h', ..] => Compressed("bzip2"),
        [0xFD, (byte)'7', (byte)'z', (byte)'X', ..] => Compressed("xz"),
        [0x28, 0xB5, 0x2F, 0xFD, ..] => Compressed("zstd"),
        [(byte)'P', (byte)'K', 3, 4, ..] => new(
            "ARCHIVE", "The file is a ZIP archive, or the workbook of a spreadsheet.", "Save the sheet as CSV in UTF-8, or unpack the archive, and import that."),
        // Text has no zeros: the second letter of one that begins in UTF-16 is where the eye sees none.
        [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [_, 0, ..] or [0, ..] => new(
            "NOT_UTF8", "The file is in UTF-16, or no text.", "Save it in UTF-8, such as by: iconv -f UTF-16 -t UTF-8 OLD > NEW"),
        _ => null,
    };

    private static WrongUseException Compressed(string by) => new("COMPRESSED", $"The file is compressed by {by}.", "Unpack it, and import what is in it.");
}
