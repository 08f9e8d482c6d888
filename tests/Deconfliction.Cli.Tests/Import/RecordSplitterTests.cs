using System.Text;
using Deconfliction.Cli.Import;

namespace Deconfliction.Cli.Tests.Import;

public sealed class RecordSplitterTests
{
    [Theory]
    [InlineData("a\nb", "1:a|2:b")]
    [InlineData("a\r\nb\r\n", "1:a|2:b")]
    [InlineData("a\n\n \t\nb", "1:a|4:b")]
    [InlineData("", "")]
    [InlineData("\n\n", "")]
    [InlineData("a \"x\ny\"", "1:a \"x|2:y\"")]
    public void Lines_AreNumberedAndBlankOnesSkipped(string text, string expected) => Assert.Equal(expected, Read(text, quotes: false));

    [Theory]
    [InlineData("a,\"x\ny\nz\"\nb", "1:a,\"x\ny\nz\"|4:b")]
    [InlineData("\"a\"\"\nb\"\nc", "1:\"a\"\"\nb\"|3:c")]
    [InlineData("a\nb,\"open\nc\nd", "1:a|2!OpenQuote:b,\"open|3:c|4:d")]
    [InlineData("a\n\"open", "1:a|2!OpenQuote:\"open")]
    public void QuotedLineEnds_BelongToTheRecord_AndAnOpenQuoteCostsItsLineOnly(string text, string expected) => Assert.Equal(expected, Read(text, quotes: true));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OverlongLine_IsToldAndSkipped_HoweverLong(bool quotes)
    {
        var splitter = Splitter($"first\n{new string('x', 1_000_000)}\nlast\n", quotes);

        Assert.Equal("first", Next(splitter));
        Assert.True(splitter.TryRead(out var record));
        Assert.Equal((2L, RecordFault.TooLong, RecordSplitter.MaxRecordBytes), (record.Line, record.Fault, record.Bytes.Length));
        Assert.True(splitter.TryRead(out record));
        Assert.Equal((3L, RecordFault.None), (record.Line, record.Fault));
        Assert.False(splitter.TryRead(out _));
    }

    [Fact]
    public void LongestLine_IsRead()
    {
        var splitter = Splitter(new string('x', RecordSplitter.MaxRecordBytes) + "\nlast", quotes: false);

        Assert.Equal(RecordSplitter.MaxRecordBytes, Next(splitter).Length);
        Assert.Equal("last", Next(splitter));
    }

    [Fact]
    public void ManyRecords_InReadsOfAnySize_AreAllThere()
    {
        var lines = Enumerable.Range(0, 100_000).Select(i => $"line {i} {new string('y', i % 97)}").ToList();
        var splitter = new RecordSplitter(new SmallReads(Encoding.UTF8.GetBytes(string.Join('\n', lines))), quotes: true);

        for (var i = 0; i < lines.Count; i++)
        {
            Assert.True(splitter.TryRead(out var record));
            Assert.Equal(i + 1, record.Line);
            Assert.Equal(lines[i], Encoding.UTF8.GetString(record.Bytes.Span));
        }

        Assert.False(splitter.TryRead(out _));
    }

    private static string Read(string text, bool quotes)
    {
        var splitter = Splitter(text, quotes);
        var parts = new List<string>();
        while (splitter.TryRead(out var record))
        {
            var fault = record.Fault == RecordFault.None ? "" : $"!{record.Fault}";
            parts.Add($"{record.Line}{fault}:{Encoding.UTF8.GetString(record.Bytes.Span)}");
        }

        return string.Join('|', parts);
    }

    private static string Next(RecordSplitter splitter)
    {
        Assert.True(splitter.TryRead(out var record));
        return Encoding.UTF8.GetString(record.Bytes.Span);
    }

    private static RecordSplitter Splitter(string text, bool quotes) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)), quotes);

    /// <summary>Gives a few bytes at a time, as a pipe may.</summary>
    private sealed class SmallReads(byte[] bytes) : MemoryStream(bytes)
    {
        private int _size;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, 1 + (_size++ * 7919 % 60_000))]);
    }
}
