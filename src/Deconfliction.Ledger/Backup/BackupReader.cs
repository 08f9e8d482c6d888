using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Deconfliction.Ledger.Backup;

/// <summary>Reads an archive that <see cref="BackupWriter"/> wrote.</summary>
internal sealed class BackupReader : IDisposable
{
    private const int MaximumManifest = 1 << 20;
    private readonly string _path;
    private readonly ZipArchive _archive;
    private readonly BackupManifest _manifest;

    private BackupReader(string path, ZipArchive archive)
    {
        _path = path;
        _archive = archive;
        _manifest = ReadManifest();
    }

    /// <summary>What it holds.</summary>
    public BackupSummary Summary => new(
        _manifest.TakenAt,
        _manifest.SchemaVersion,
        _manifest.Tables.ToDictionary(entry => entry.Table, entry => entry.Rows, StringComparer.Ordinal));

    /// <summary>Opens one and reads its manifest.</summary>
    /// <exception cref="BackupRefusedException">It is not there, damaged, not a backup, or newer than this program.</exception>
    public static BackupReader Open(string path)
    {
        ZipArchive? archive = null;
        try
        {
            archive = ZipFile.OpenRead(path);
            return new BackupReader(path, archive);
        }
        catch (Exception problem) when (problem is InvalidDataException or JsonException)
        {
            archive?.Dispose();
            throw Damaged(path, problem.Message, problem);
        }
        catch (IOException problem)
        {
            archive?.Dispose();
            throw new BackupRefusedException($"{path} cannot be read: {problem.Message}", problem);
        }
        catch (Exception)
        {
            archive?.Dispose();
            throw;
        }
    }

    /// <summary>Compares every entry with the manifest, before anything of it is used.</summary>
    /// <exception cref="BackupRefusedException">One differs.</exception>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        foreach (var table in BackupTable.All)
        {
            var said = Entry(table);
            if (said.Columns != table.Layout)
            {
                throw Damaged(_path, $"the columns of {table.Name} are not those of format {BackupManifest.CurrentFormat}");
            }

            try
            {
                await using var content = await Open(table, cancellationToken);
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                var (rows, bytes) = await MeasureAsync(content, hash, cancellationToken);
                if (rows != said.Rows || bytes != said.Bytes || Convert.ToHexStringLower(hash.GetHashAndReset()) != said.Sha256)
                {
                    throw Damaged(_path, $"the content of {table.Name} is not what the manifest says");
                }
            }
            catch (InvalidDataException problem)
            {
                throw Damaged(_path, $"{table.Name} cannot be unpacked", problem);
            }
        }
    }

    /// <summary>A table's rows. The array is used again for each row.</summary>
    public async IAsyncEnumerable<object?[]> ReadAsync(BackupTable table, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var content = await Open(table, cancellationToken);
        using var lines = new StreamReader(content, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 64 * 1024);
        var row = new object?[table.Columns.Count];
        while (await lines.ReadLineAsync(cancellationToken) is { } line)
        {
            Parse(line, table, row);
            yield return row;
        }
    }

    public void Dispose() => _archive.Dispose();

    private static async Task<(long Rows, long Bytes)> MeasureAsync(
        Stream content, IncrementalHash hash, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        long rows = 0;
        long bytes = 0;
        int read;
        while ((read = await content.ReadAsync(buffer, cancellationToken)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            rows += buffer.AsSpan(0, read).Count((byte)'\n');
            bytes += read;
        }

        return (rows, bytes);
    }

    private void Parse(string line, BackupTable table, object?[] row)
    {
        try
        {
            var json = new Utf8JsonReader(Encoding.UTF8.GetBytes(line));
            json.Read();
            for (var i = 0; i < row.Length; i++)
            {
                json.Read();
                row[i] = json.TokenType == JsonTokenType.Null ? null : Value(ref json, table.Columns[i].Kind);
            }
        }
        catch (Exception problem) when (problem is JsonException or FormatException or InvalidOperationException)
        {
            throw Damaged(_path, $"a row of {table.Name} cannot be read", problem);
        }
    }

    private static object? Value(ref Utf8JsonReader json, BackupKind kind) => kind switch
    {
        BackupKind.Id => json.GetGuid(),
        BackupKind.Bytes => json.GetBytesFromBase64(),
        BackupKind.Text => json.GetString(),
        BackupKind.Flag => json.GetBoolean(),
        _ => json.GetInt64(),
    };

    private BackupManifest ReadManifest()
    {
        var bytes = ReadSmall(BackupManifest.EntryName);
        var hash = Encoding.ASCII.GetString(ReadSmall(BackupManifest.HashEntryName)).Trim();
        if (hash != Convert.ToHexStringLower(SHA256.HashData(bytes)))
        {
            throw new InvalidDataException("the manifest is not what its hash says");
        }

        var manifest = BackupManifest.Read(bytes);
        return manifest.Format <= BackupManifest.CurrentFormat
            ? manifest
            : throw new BackupRefusedException(
                $"{_path} has format {manifest.Format}, this program reads up to {BackupManifest.CurrentFormat}. "
                + "Restore it with the program version that wrote it, or a newer one.");
    }

    private byte[] ReadSmall(string name)
    {
        var entry = _archive.GetEntry(name) ?? throw new InvalidDataException($"it has no {name}");
        if (entry.Length > MaximumManifest)
        {
            throw new InvalidDataException($"its {name} is too long");
        }

        using var stream = entry.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private BackupEntry Entry(BackupTable table) =>
        _manifest.Tables.FirstOrDefault(entry => entry.Table == table.Name) ?? throw Damaged(_path, $"it has no table {table.Name}");

    private async Task<Stream> Open(BackupTable table, CancellationToken cancellationToken)
    {
        var entry = _archive.GetEntry(BackupEntry.NameOf(table.Name)) ?? throw Damaged(_path, $"it has no {BackupEntry.NameOf(table.Name)}");
        return await entry.OpenAsync(cancellationToken);
    }

    private static BackupRefusedException Damaged(string path, string problem, Exception? inner = null) => new(
        $"{path} is damaged or not a backup: {problem.TrimEnd('.')}. Nothing was changed. Use another copy of it, or an older backup.", inner);
}
