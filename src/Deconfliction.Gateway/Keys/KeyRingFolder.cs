using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Deconfliction.Gateway.Keys;

/// <summary>The folder that the key ring lies in: one file, open to its owner only. It belongs in no backup of the store.</summary>
public sealed partial class KeyRingFolder(string path)
{
    private const int Format = 1;

    /// <summary>The ring's file.</summary>
    public string RingFile { get; } = Path.Combine(path, "ring.json");

    /// <summary>The ring, or nothing where there is none.</summary>
    /// <exception cref="KeyRingException">The file cannot be used; the message says why.</exception>
    public KeyRing? Load()
    {
        if (!File.Exists(RingFile))
        {
            return null;
        }

        if (OwnerOnlyFiles.IsOpenToOthers(RingFile))
        {
            throw new KeyRingException(
                $"The key ring {RingFile} can be opened by others than its owner (mode {OwnerOnlyFiles.ModeOf(RingFile)}). Whoever has it can look up every identifier. "
                + $"Run: chmod 600 {RingFile} — and consider the keys known if others used this machine.");
        }

        try
        {
            return ToRing(JsonSerializer.Deserialize(File.ReadAllBytes(RingFile), RingJson.Default.RingContent));
        }
        catch (Exception problem) when (problem is JsonException or FormatException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            // The cause's own message may quote the file's content, which is secret.
            throw new KeyRingException($"The key ring {RingFile} cannot be read ({problem.GetType().Name}). Restore it from where it is kept safe.");
        }
    }

    /// <summary>Writes the ring, durably, and closes the folder to others.</summary>
    public void Save(KeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        OwnerOnlyFiles.CreateFolder(path);
        var content = new RingContent(
            Format,
            Convert.ToBase64String(ring.RecordSecret),
            [.. ring.IdentifierKeys.Select(key => new KeyContent(key.Id, Convert.ToBase64String(key.Secret.Span)))]);
        OwnerOnlyFiles.Write(RingFile, JsonSerializer.Serialize(content, RingJson.Default.RingContent) + "\n");
    }

    private static KeyRing ToRing(RingContent? content)
    {
        if (content is not { Format: Format, Keys: { Count: > 0 } keys, Record: { } record })
        {
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"A key ring of format {Format} with keys is expected."));
        }

        return new KeyRing(Secret(record), keys.Select(key => KeyValuePair.Create(key.Id, Secret(key.Secret))));
    }

    private static byte[] Secret(string text) =>
        Convert.FromBase64String(text) is { Length: KeyRing.SecretLength } secret
            ? secret
            : throw new FormatException("A secret has another length.");

    internal sealed record RingContent(int Format, string Record, IReadOnlyList<KeyContent> Keys);

    internal sealed record KeyContent(int Id, string Secret);

    [JsonSerializable(typeof(RingContent))]
    [JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
    internal sealed partial class RingJson : JsonSerializerContext;
}
