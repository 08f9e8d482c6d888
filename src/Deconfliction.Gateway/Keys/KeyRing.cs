using System.Security.Cryptography;

namespace Deconfliction.Gateway.Keys;

/// <summary>
/// The secrets of the grid. Identifier keys (tag and seal) have ids, so that they can be rotated; the record key serves what must
/// stay comparable over a rotation: the audit chains, the payload hashes of request ids, page tokens. Each purpose has its own
/// key, derived by HKDF-SHA-256 (RFC 5869), so that no use of one says anything of another.
/// </summary>
public sealed class KeyRing
{
    /// <summary>Bytes of each secret.</summary>
    public const int SecretLength = 32;

    private readonly byte[] _record;
    private readonly SortedDictionary<int, IdentifierKey> _keys = [];

    internal KeyRing(ReadOnlySpan<byte> record, IEnumerable<KeyValuePair<int, byte[]>> identifierSecrets)
    {
        _record = record.ToArray();
        foreach (var (id, secret) in identifierSecrets)
        {
            _keys.Add(id, new IdentifierKey(id, secret));
        }

        Current = _keys.Count > 0 ? _keys.Last().Value : throw new ArgumentException("A key ring has at least one identifier key.", nameof(identifierSecrets));
    }

    /// <summary>The key that makes new tags and seals: the one with the highest id.</summary>
    internal IdentifierKey Current { get; }

    /// <summary>Ids of the identifier keys, ascending.</summary>
    public IReadOnlyCollection<int> KeyIds => _keys.Keys;

    /// <summary>Key of the audit chains, 32 bytes: for <c>LedgerOptions.AuditKey</c>.</summary>
    public byte[] DeriveAuditKey() => Derive(_record, "audit");

    /// <summary>Key of the pseudonyms under which operators' pages show identifiers, 32 bytes.</summary>
    public byte[] DerivePseudonymKey() => Derive(_record, "pseudonym");

    /// <summary>Makes a ring with fresh secrets and the key id 1.</summary>
    public static KeyRing Create() => new(
        RandomNumberGenerator.GetBytes(SecretLength),
        [KeyValuePair.Create(1, RandomNumberGenerator.GetBytes(SecretLength))]);

    internal byte[] DerivePayloadKey() => Derive(_record, "payload");

    internal byte[] DerivePageTokenKey() => Derive(_record, "page-token");

    internal byte[] DeriveSerialKey() => Derive(_record, "certificate-serial");

    internal IdentifierKey? Find(int id) => _keys.GetValueOrDefault(id);

    /// <summary>What the store keeps of each key, by name: enough to tell another key, useless to find this one.</summary>
    internal IEnumerable<(string Name, string Value)> CheckValues()
    {
        yield return (RecordKeyName, CheckValue(_record));
        foreach (var (id, key) in _keys)
        {
            yield return (NameOf(id), CheckValue(key.Secret.Span));
        }
    }

    internal const string RecordKeyName = "record";

    internal static string NameOf(int keyId) => keyId.ToString();

    internal ReadOnlySpan<byte> RecordSecret => _record;

    internal IEnumerable<IdentifierKey> IdentifierKeys => _keys.Values;

    internal static byte[] Derive(ReadOnlySpan<byte> secret, string purpose)
    {
        var key = new byte[SecretLength];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, key, salt: [], System.Text.Encoding.ASCII.GetBytes("deconfliction/" + purpose));
        return key;
    }

    private static string CheckValue(ReadOnlySpan<byte> secret) => Convert.ToHexStringLower(Derive(secret, "check").AsSpan(0, 16));
}

/// <summary>One identifier key: what makes tags and what seals values, under one id.</summary>
internal sealed class IdentifierKey(int id, byte[] secret)
{
    public int Id { get; } = id;

    public ReadOnlyMemory<byte> Secret { get; } = secret;

    public byte[] TagKey { get; } = KeyRing.Derive(secret, "tag");

    public byte[] SealKey { get; } = KeyRing.Derive(secret, "seal");
}
