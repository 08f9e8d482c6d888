using System.Buffers;
using System.Text;
using Deconfliction.Ledger;
using Google.Protobuf;

namespace Deconfliction.Gateway.Keys;

/// <summary>
/// Keyed hash of what a request asks for, kept with its request id (rule 5): HMAC-SHA-256 over the operation, the officer's
/// reference and the message's bytes. Keyed, because the message holds the identifier and the hash is stored. The messages have no
/// maps, so that their bytes follow from their content. Thread-safe.
/// </summary>
public sealed class PayloadHasher
{
    private const int Length = 32;
    private readonly byte[] _key;

    /// <summary>Hashes under the ring's payload key.</summary>
    public PayloadHasher(KeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        _key = ring.DerivePayloadKey();
    }

    /// <summary>The hash of a message that holds no request id.</summary>
    public byte[] Hash(string operation, string requestedBy, IMessage message)
    {
        ArgumentNullException.ThrowIfNull(operation);
        ArgumentNullException.ThrowIfNull(requestedBy);
        ArgumentNullException.ThrowIfNull(message);
        var head = Encoding.UTF8.GetByteCount(operation) + Encoding.UTF8.GetByteCount(requestedBy) + 2;
        var length = head + message.CalculateSize();
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var buffer = rented.AsSpan(0, length);
            // Neither text can hold a zero byte: validation refuses control characters.
            var at = Encoding.UTF8.GetBytes(operation, buffer);
            buffer[at++] = 0;
            at += Encoding.UTF8.GetBytes(requestedBy, buffer[at..]);
            buffer[at++] = 0;
            message.WriteTo(buffer[at..]);
            var hash = new byte[Length];
            KeyedHash.Write(_key, buffer, hash);
            return hash;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
