using System.Buffers.Binary;
using Deconfliction.Domain.Deciding;

namespace Deconfliction.Domain.Tests.Deciding;

/// <summary>Ids 1, 2, 3, ... in the form of UUIDs version 7.</summary>
internal sealed class CountingIds(long last = 0) : IIdSource
{
    public long Last { get; private set; } = last;

    public Guid Next(DateTimeOffset now) => Of(++Last);

    public static Guid Of(long number)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes[6] = 0x70;
        bytes[8] = 0x80;
        BinaryPrimitives.WriteInt32BigEndian(bytes[12..], (int)number);
        return new Guid(bytes, bigEndian: true);
    }
}
