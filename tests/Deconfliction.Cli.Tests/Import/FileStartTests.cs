using System.IO.Compression;
using System.Text;
using Deconfliction.Cli.Import;
using Deconfliction.Cli.Invocation;
using Deconfliction.Testing.Processes;

namespace Deconfliction.Cli.Tests.Import;

/// <summary>What a spreadsheet, a mail or a folder hands over in place of text in UTF-8 is named, whatever its name says.</summary>
public sealed class FileStartTests : IDisposable
{
    private const string Text = "kind,value\nemail,a@example.org\n";
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-32")]
    public void Open_AnotherEncoding_SaysSo_WithItsMarkAndWithout(string name)
    {
        var encoding = Encoding.GetEncoding(name);

        AssertRefused("NOT_UTF8", "UTF-16", [.. encoding.GetPreamble(), .. encoding.GetBytes(Text)]);
        AssertRefused("NOT_UTF8", "UTF-16", encoding.GetBytes(Text));
    }

    [Fact]
    public void Open_Compressed_SaysSo()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(Text));
        }

        AssertRefused("COMPRESSED", "gzip", packed.ToArray());
        AssertRefused("COMPRESSED", "bzip2", "BZh91AY&SY"u8.ToArray());
        AssertRefused("COMPRESSED", "xz", [0xFD, .. "7zXZ"u8, 0, 0]);
        AssertRefused("COMPRESSED", "zstd", [0x28, 0xB5, 0x2F, 0xFD, 4]);
    }

    [Fact]
    public void Open_Workbook_SaysSo()
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
        {
            zip.CreateEntry("xl/workbook.xml");
        }

        AssertRefused("ARCHIVE", "workbook", packed.ToArray());
    }

    [Fact]
    public void Open_Folder_SaysSo()
    {
        var refused = Assert.Throws<WrongUseException>(() => FileStart.Open(_folder.Path));

        Assert.Equal(("NOT_A_FILE", $"'{_folder.Path}' is a folder."), (refused.Problem.Reason, refused.Problem.Description));
    }

    [Fact]
    public void Open_Device_SaysSo()
    {
        using var pipe = new System.IO.Pipes.AnonymousPipeServerStream();
        pipe.Write(Encoding.UTF8.GetBytes(Text));
        var path = $"/proc/self/fd/{pipe.ClientSafePipeHandle.DangerousGetHandle()}";

        var refused = Assert.Throws<WrongUseException>(() => FileStart.Open(path));

        Assert.Equal(("NOT_A_FILE", $"'{path}' is a pipe or a device."), (refused.Problem.Reason, refused.Problem.Description));
    }

    [Theory]
    [InlineData("")]
    [InlineData("k")]
    [InlineData("kin")]
    [InlineData("kind,value\n")]
    public void Open_TextWithAMarkOrWithout_BeginsWithItsFirstLetter(string text)
    {
        Assert.Equal(text, Read(Encoding.UTF8.GetBytes(text)));
        Assert.Equal(text, Read([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]));
    }

    public void Dispose() => _folder.Dispose();

    private void AssertRefused(string reason, string named, byte[] bytes)
    {
        File.WriteAllBytes(_folder["claims.csv"], bytes);
        var refused = Assert.Throws<WrongUseException>(() => FileStart.Open(_folder["claims.csv"]));
        Assert.Equal(reason, refused.Problem.Reason);
        Assert.Contains(named, refused.Problem.Description, StringComparison.Ordinal);
        Assert.NotEmpty(refused.Problem.Remedy);
    }

    private string Read(byte[] bytes)
    {
        File.WriteAllBytes(_folder["claims.csv"], bytes);
        using var stream = FileStart.Open(_folder["claims.csv"]);
        var rest = new byte[stream.Length - stream.Position];
        stream.ReadExactly(rest);
        return Encoding.UTF8.GetString(rest);
    }
}
