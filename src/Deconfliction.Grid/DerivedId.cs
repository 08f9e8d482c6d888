using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Deconfliction.Grid;

/// <summary>
/// Ids that follow from other ids, so that a step repeated after a fault is recognised: name-based UUIDs as in RFC 9562,
/// section 5.5, but with SHA-256 and therefore of version 8 (section 5.8).
/// </summary>
internal static class DerivedId
{
    /// <summary>The id of one claim's part in a request over many.</summary>
    public static Guid Of(Guid request, Guid part)
    {
        Span<byte> name = stackalloc byte[32];
        request.TryWriteBytes(name, bigEndian: true, out _);
        part.TryWriteBytes(name[16..], bigEndian: true, out _);
        return From(name);
    }

    /// <summary>The id of something that happens once for a name.</summary>
    public static Guid Of(string purpose, string name) => From(Encoding.UTF8.GetBytes($"{purpose}\n{name}"));

    private static Guid From(ReadOnlySpan<byte> name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x80);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
