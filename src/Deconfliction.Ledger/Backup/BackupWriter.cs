using System.Buffers;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Deconfliction.Ledger.Backup;

/// <summary>Writes a snapshot as an archive, table by table, row by row: memory does not grow with the store.</summary>
internal sealed class BackupWriter : IDisposable
{
    private const int ChunkLength = 64 * 1024;
    private static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ArrayBufferWriter<byte> _chunk = new(2 * ChunkLength);
    private readonly Utf8JsonWriter _json;

    private BackupWriter() => _json = new Utf8JsonWriter(_chunk, Json);

    /// <summary>Writes it all.</summary>
    public static async Task<BackupSummary> WriteAsync(IBackupSource source, Stream output, CancellationToken cancellationToken)
    {
        using var writer = new BackupWriter();
        await using var archive = await ZipArchive.CreateAsync(
            output, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        var entries = new List<BackupEntry>();
        foreach (var table in BackupTable.All)
        {
            var entry = archive.CreateEntry(BackupEntry.NameOf(table.Name), CompressionLevel.Fastest);
            await using var stream = await entry.OpenAsync(cancellationToken);
            entries.Add(await writer.WriteAsync(source, table, stream, cancellationToken));
        }

        var manifest = new BackupManifest(BackupManifest.CurrentFormat, source.SchemaVersion, source.TakenAt, entries);
        var bytes = manifest.ToBytes();
        await WriteEntryAsync(archive, BackupManifest.EntryName, bytes, cancellationToken);
        await WriteEntryAsync(
            archive, BackupManifest.HashEntryName, Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes))), cancellationToken);
        return new BackupSummary(
            manifest.TakenAt, manifest.SchemaVersion, entries.ToDictionary(entry => entry.Table, entry => entry.Rows, StringComparer.Ordinal));
    }

    public void Dispose() => _json.Dispose();

    private async Task<BackupEntry> WriteAsync(
        IBackupSource source, BackupTable table, Stream stream, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long rows = 0;
        long bytes = 0;
        await foreach (var row in source.ReadAsync(table, cancellationToken))
        {
            Append(row);
            rows++;
            if (_chunk.WrittenCount >= ChunkLength)
            {
                bytes += await FlushAsync();
            }
        }

        bytes += await FlushAsync();
        return new BackupEntry(table.Name, table.Layout, rows, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));

        async Task<int> FlushAsync()
        {
            var length = _chunk.WrittenCount;
            hash.AppendData(_chunk.WrittenSpan);
            await stream.WriteAsync(_chunk.WrittenMemory, cancellationToken);
            _chunk.ResetWrittenCount();
            return length;
        }
    }

    private void Append(object?[] row)
    {
        _json.Reset();
        _json.WriteStartArray();
        foreach (var value in row)
        {
            switch (value)
            {
                case null:
                    _json.WriteNullValue();
                    break;
                case Guid id:
                    _json.WriteStringValue(id);
                    break;
                case byte[] bytes:
                    _json.WriteBase64StringValue(bytes);
                    break;
                case string text:
                    _json.WriteStringValue(text);
                    break;
                case long number:
                    _json.WriteNumberValue(number);
                    break;
                case bool flag:
                    _json.WriteBooleanValue(flag);
                    break;
                default:
                    throw new InvalidOperationException($"A backup holds no {value.GetType().Name}.");
            }
        }

        _json.WriteEndArray();
        _json.Flush();
        _chunk.Write("\n"u8);
    }

    private static async Task WriteEntryAsync(ZipArchive archive, string name, byte[] content, CancellationToken cancellationToken)
    {
        await using var stream = await archive.CreateEntry(name).OpenAsync(cancellationToken);
        await stream.WriteAsync(content, cancellationToken);
    }
}
