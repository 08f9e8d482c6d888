using System.Security.Cryptography;

namespace Deconfliction.Ledger;

/// <summary>
/// HMAC-SHA-256 (RFC 2104) for keys that are used over and over: a thread keeps its last few keyed contexts. To key one anew for each hash,
/// as <see cref="HMACSHA256.HashData(ReadOnlySpan{byte}, ReadOnlySpan{byte})"/> does, costs OpenSSL 3 four times what the hash itself costs.
/// </summary>
public static class KeyedHash
{
    /// <summary>Bytes of a hash.</summary>
    public const int Length = HMACSHA256.HashSizeInBytes;

    // Tags, payloads and the audit chain have a key each; one more is for a ring that is being rotated.
    private const int Kept = 4;

    [ThreadStatic]
    private static Context?[]? t_contexts;

    [ThreadStatic]
    private static int t_next;

    /// <summary>The hash of some bytes under a key.</summary>
    public static byte[] Of(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data)
    {
        var hash = new byte[Length];
        Write(key, data, hash);
        return hash;
    }

    /// <summary>Writes the hash of some bytes under a key to the first <see cref="Length"/> bytes of a target.</summary>
    public static void Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> data, Span<byte> target)
    {
        // A context must never be left with data in it: what can be refused is refused first.
        target = target[..Length];
        var hash = Find(key).Hash;
        hash.AppendData(data);
        hash.GetHashAndReset(target);
    }

    private static Context Find(ReadOnlySpan<byte> key)
    {
        var contexts = t_contexts ??= new Context?[Kept];
        foreach (var context in contexts)
        {
            if (context is not null && key.SequenceEqual(context.Key))
            {
                return context;
            }
        }

        var made = new Context(key.ToArray(), IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key));
        contexts[t_next]?.Hash.Dispose();
        contexts[t_next] = made;
        t_next = (t_next + 1) % Kept;
        return made;
    }

    private sealed record Context(byte[] Key, IncrementalHash Hash);
}
