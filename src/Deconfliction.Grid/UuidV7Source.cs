using System.Buffers.Binary;
using Deconfliction.Domain.Deciding;

namespace Deconfliction.Grid;

/// <summary>
/// UUIDs of version 7 (RFC 9562, section 5.7), each above the one before it in this process. The twelve bits behind the millisecond
/// are a finer clock (section 6.2, method 3), which steps on only where two would be equal: so an id does not tell how many
/// others there are.
/// </summary>
public sealed class UuidV7Source : IIdSource
{
    private const long StepsPerMillisecond = 4096;
    private long _last;

    /// <inheritdoc/>
    public Guid Next(DateTimeOffset now)
    {
        var ticks = now.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks;
        var milliseconds = ticks / TimeSpan.TicksPerMillisecond;
        var fraction = ticks % TimeSpan.TicksPerMillisecond * StepsPerMillisecond / TimeSpan.TicksPerMillisecond;
        var moment = Advance((milliseconds * StepsPerMillisecond) + fraction);

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteInt64BigEndian(bytes, moment / StepsPerMillisecond << 16);
        BinaryPrimitives.WriteInt16BigEndian(bytes[6..], (short)(0x7000 | (moment % StepsPerMillisecond)));
        RandomBytes.Fill(bytes[8..]);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }

    private long Advance(long moment)
    {
        var last = Volatile.Read(ref _last);
        while (true)
        {
            var next = Math.Max(moment, last + 1);
            var seen = Interlocked.CompareExchange(ref _last, next, last);
            if (seen == last)
            {
                return next;
            }

            last = seen;
        }
    }
}
