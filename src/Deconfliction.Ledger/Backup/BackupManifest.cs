using System.Text.Json;

namespace Deconfliction.Ledger.Backup;

/// <summary>What a backup says of itself.</summary>
/// <param name="Format">Version of the format.</param>
/// <param name="SchemaVersion">The schema that it was taken from.</param>
/// <param name="TakenAt">The moment of its snapshot, by the database's clock.</param>
/// <param name="Tables">Its entries.</param>
internal sealed record BackupManifest(int Format, int SchemaVersion, DateTimeOffset TakenAt, IReadOnlyList<BackupEntry> Tables)
{
    /// <summary>The version that this program writes, and the newest that it reads.</summary>
    public const int CurrentFormat = 1;

    /// <summary>Its entry's name.</summary>
    public const string EntryName = "manifest.json";

    /// <summary>The name of the entry that holds its SHA-256.</summary>
    public const string HashEntryName = "manifest.sha256";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="JsonException">It is not a manifest.</exception>
    public static BackupManifest Read(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize<BackupManifest>(bytes, Json) ?? throw new JsonException("The manifest is empty.");
}

/// <summary>A table in a backup.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Columns">Its columns and their kinds, in the order of the rows' values.</param>
/// <param name="Rows">How many rows.</param>
/// <param name="Bytes">How many bytes.</param>
/// <param name="Sha256">SHA-256 of the entry, lower-case hex.</param>
internal sealed record BackupEntry(string Table, string Columns, long Rows, long Bytes, string Sha256)
{
    /// <summary>The name of a table's entry.</summary>
    public static string NameOf(string table) => table + ".ndjson";
}
