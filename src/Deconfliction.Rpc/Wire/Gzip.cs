using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;

namespace Deconfliction.Rpc.Wire;

/// <summary>gzip of single messages, bounded in both directions.</summary>
internal static class Gzip
{
    private const int FirstBufferBytes = 16 * 1024;

    /// <summary>
    /// Decompresses into a rented array, which the caller gives back to <see cref="ArrayPool{T}.Shared"/>. Stops at the first byte
    /// past <paramref name="maxBytes"/>, so that a bomb costs no more memory than an honest message.
    /// </summary>
    public static byte[] Decompress(in ReadOnlySequence<byte> payload, int maxBytes, out int bytes)
    {
        var packedBytes = checked((int)payload.Length);
        var packed = ArrayPool<byte>.Shared.Rent(Math.Max(packedBytes, 1));
        var plain = ArrayPool<byte>.Shared.Rent(Math.Min(maxBytes + 1, FirstBufferBytes));
        try
        {
            payload.CopyTo(packed);
            using var source = new MemoryStream(packed, 0, packedBytes, writable: false);
            using var gzip = new GZipStream(source, CompressionMode.Decompress);
            bytes = 0;
            if (packedBytes is > 0 and < 18)
            {
                throw new InvalidDataException("A gzip member has at least 18 bytes.");
            }

            while (true)
            {
                if (bytes == plain.Length)
                {
                    plain = Grow(plain, maxBytes);
                }

                var read = gzip.Read(plain, bytes, plain.Length - bytes);
                if (read == 0)
                {
                    // .NET takes a member that breaks off for one that ends; its last four bytes say how long it should be. Nothing
                    // at all counts as nothing: .NET's own gzip writes no member around no bytes.
                    return packedBytes == 0 || BinaryPrimitives.ReadUInt32LittleEndian(packed.AsSpan(packedBytes - 4)) == (uint)bytes
                        ? plain
                        : throw new InvalidDataException("The gzip member breaks off.");
                }

                bytes += read;
                if (bytes > maxBytes)
                {
                    throw WireException.TooLargeUnpacked(maxBytes);
                }
            }
        }
        catch (InvalidDataException exception)
        {
            ArrayPool<byte>.Shared.Return(plain);
            throw WireException.BadCompression(exception);
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(plain);
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    /// <summary>Compresses into a stream at its start.</summary>
    public static MemoryStream Compress(ReadOnlySpan<byte> plain)
    {
        var output = new MemoryStream(Math.Max(256, plain.Length / 4));
        using (var gzip = new GZipStream(output, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(plain);
        }

        return output;
    }

    private static byte[] Grow(byte[] full, int maxBytes)
    {
        var bigger = ArrayPool<byte>.Shared.Rent((int)Math.Min((long)full.Length * 2, (long)maxBytes + 1));
        full.CopyTo(bigger, 0);
        ArrayPool<byte>.Shared.Return(full);
        return bigger;
    }
}
