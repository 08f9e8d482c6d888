using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Deconfliction.Domain.Agencies;
using Deconfliction.Grid;

namespace Deconfliction.Gateway.Keys;

/// <summary>
/// Seals what a claim holds: AES-256-GCM (NIST SP 800-38D) under the current key, with a random 96-bit nonce. The additional data
/// bind it to its agency and claim: moved to another row it does not open. Thread-safe.
/// </summary>
/// <remarks>Layout: format (1), key id (4, big-endian), nonce (12), ciphertext, authentication tag (16).</remarks>
public sealed class Sealer : IDisposable
{
    private const byte Format = 1;
    private const int HeaderLength = 1 + sizeof(int);
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int ClaimIdLength = 16;
    private const int MaximumAgencyLength = 63;
    private readonly Dictionary<int, ThreadLocal<AesGcm>> _ciphers = [];
    private readonly int _current;

    /// <summary>Seals under the ring's current key, and opens under any of the ring.</summary>
    public Sealer(KeyRing ring)
    {
        ArgumentNullException.ThrowIfNull(ring);
        _current = ring.Current.Id;
        foreach (var key in ring.IdentifierKeys)
        {
            // A cipher holds a context of the library beneath and is not thread-safe; making one for each use costs more than the use.
            _ciphers.Add(key.Id, new ThreadLocal<AesGcm>(() => new AesGcm(key.SealKey, TagLength), trackAllValues: true));
        }
    }

    /// <summary>Seals what a claim of an agency holds.</summary>
    public byte[] Seal(SealedContent content, AgencyId agency, Guid claimId)
    {
        ArgumentNullException.ThrowIfNull(content);
        var length = content.MeasureLength();
        var box = new byte[HeaderLength + NonceLength + length + TagLength];
        box[0] = Format;
        BinaryPrimitives.WriteInt32BigEndian(box.AsSpan(1), _current);
        var nonce = box.AsSpan(HeaderLength, NonceLength);
        RandomBytes.Fill(nonce);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var plain = rented.AsSpan(0, length);
            content.WriteTo(plain);
            Span<byte> bound = stackalloc byte[HeaderLength + ClaimIdLength + MaximumAgencyLength];
            bound = bound[..Bind(bound, box, agency, claimId)];
            var cipher = box.AsSpan(HeaderLength + NonceLength, length);
            _ciphers[_current].Value!.Encrypt(nonce, plain, cipher, box.AsSpan(box.Length - TagLength), bound);
            return box;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <summary>Opens what was sealed for this claim of this agency.</summary>
    /// <exception cref="SealBrokenException">It was sealed for another claim, altered, or under a key that the ring has not.</exception>
    public SealedContent Open(ReadOnlySpan<byte> box, AgencyId agency, Guid claimId)
    {
        var length = box.Length - HeaderLength - NonceLength - TagLength;
        if (length <= 0 || box[0] != Format)
        {
            throw new SealBrokenException("The sealed part of a claim has an unknown form.");
        }

        var keyId = BinaryPrimitives.ReadInt32BigEndian(box[1..]);
        if (!_ciphers.TryGetValue(keyId, out var ciphers))
        {
            throw new SealBrokenException($"A claim is sealed under key {keyId}, which the key ring has not. Restore the ring that has it.");
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var plain = rented.AsSpan(0, length);
            Span<byte> bound = stackalloc byte[HeaderLength + ClaimIdLength + MaximumAgencyLength];
            bound = bound[..Bind(bound, box, agency, claimId)];
            ciphers.Value!.Decrypt(
                box.Slice(HeaderLength, NonceLength), box.Slice(HeaderLength + NonceLength, length), box[^TagLength..], plain, bound);
            return SealedContent.Read(plain);
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new SealBrokenException("The sealed part of a claim does not belong to it, or was altered.", mismatch);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var ciphers in _ciphers.Values)
        {
            foreach (var cipher in ciphers.Values)
            {
                cipher.Dispose();
            }

            ciphers.Dispose();
        }
    }

    private static int Bind(Span<byte> target, ReadOnlySpan<byte> box, AgencyId agency, Guid claimId)
    {
        box[..HeaderLength].CopyTo(target);
        claimId.TryWriteBytes(target[HeaderLength..], bigEndian: true, out _);
        return HeaderLength + ClaimIdLength + Encoding.ASCII.GetBytes(agency.Value, target[(HeaderLength + ClaimIdLength)..]);
    }
}

/// <summary>A sealed part does not open: the store was altered, or the ring is not the store's.</summary>
public sealed class SealBrokenException(string message, Exception? inner = null) : Exception(message, inner);
