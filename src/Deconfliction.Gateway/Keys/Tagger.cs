using System.Buffers;
using System.Text;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid;
using Deconfliction.Ledger;

namespace Deconfliction.Gateway.Keys;

/// <summary>Makes tags: HMAC-SHA-256 over the kind's number and the canonical value in UTF-8. Thread-safe.</summary>
public sealed class Tagger
{
    private const int OnStack = 256;
    private readonly IdentifierKey _key;

    /// <summary>Makes tags under the ring's current key.</summary>
    public Tagger(KeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        _key = ring.Current;
    }

    /// <summary>The identifier's tag, and the id of the key that made it.</summary>
    public TagKey Tag(Identifier identifier)
    {
        ArgumentNullException.ThrowIfNull(identifier);
        var length = 1 + Encoding.UTF8.GetMaxByteCount(identifier.Canonical.Length);
        byte[]? rented = null;
        var buffer = length <= OnStack ? stackalloc byte[OnStack] : (rented = ArrayPool<byte>.Shared.Rent(length));
        try
        {
            buffer[0] = (byte)identifier.Kind;
            var written = 1 + Encoding.UTF8.GetBytes(identifier.Canonical, buffer[1..]);
            Span<byte> tag = stackalloc byte[Domain.Identifiers.Tag.Length];
            KeyedHash.Write(_key.TagKey, buffer[..written], tag);
            return new TagKey(new Tag(tag), _key.Id);
        }
        finally
        {
            if (rented is not null)
            {
                // It held an identifier in clear.
                ArrayPool<byte>.Shared.Return(rented, clearArray: true);
            }
        }
    }
}
