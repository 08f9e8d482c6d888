using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Domain.Deciding.Snapshots;

/// <summary>How many of each a snapshot has.</summary>
internal readonly record struct SnapshotShape(int Count, int Agencies, int Texts, int TextBytes)
{
    public SnapshotLayout Layout => new(Count, Agencies, Texts, TextBytes);
}

/// <summary>Decides whether bytes are a whole snapshot. All that is read later rests on the checksum that is compared here.</summary>
internal static class SnapshotReader
{
    public static bool TryReadStamp(ReadOnlySpan<byte> bytes, out SnapshotStamp stamp, out SnapshotShape shape)
    {
        (stamp, shape) = (default, default);
        if (!BitConverter.IsLittleEndian || bytes.Length < SnapshotLayout.HeaderLength
            || BinaryPrimitives.ReadUInt32LittleEndian(bytes) != SnapshotLayout.Magic
            || BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]) != SnapshotLayout.Format
            || BinaryPrimitives.ReadInt64LittleEndian(bytes[SnapshotLayout.LengthAt..]) != bytes.Length
            || BinaryPrimitives.ReadUInt64LittleEndian(bytes[SnapshotLayout.ChecksumAt..])
                != SnapshotChecksum.Of(bytes[SnapshotLayout.CoveredFrom..]))
        {
            return false;
        }

        shape = new SnapshotShape(
            BinaryPrimitives.ReadInt32LittleEndian(bytes[SnapshotLayout.CountAt..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[SnapshotLayout.AgenciesAt..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[SnapshotLayout.TextsAt..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[SnapshotLayout.TextBytesAt..]));
        var version = BinaryPrimitives.ReadInt64LittleEndian(bytes[SnapshotLayout.VersionAt..]);
        var takenAt = BinaryPrimitives.ReadInt64LittleEndian(bytes[SnapshotLayout.TakenAt..]);
        if (!IsSound(bytes, shape) || version < 0 || takenAt < TimeSpan.TicksPerHour || takenAt > DateTime.MaxValue.Ticks)
        {
            return false;
        }

        stamp = new SnapshotStamp(
            new Tag(bytes.Slice(SnapshotLayout.TagAt, Tag.Length)),
            new Guid(bytes.Slice(SnapshotLayout.IdentifierAt, 16)),
            new Guid(bytes.Slice(SnapshotLayout.HistoryAt, 16)),
            version,
            new DateTimeOffset(takenAt, TimeSpan.Zero));
        return true;
    }

    // The same program may have written it with an error: what would read beside the bytes is refused too.
    private static bool IsSound(ReadOnlySpan<byte> bytes, in SnapshotShape shape)
    {
        if (shape.Count < 0 || shape.Agencies < 0 || shape.Texts < 0 || shape.TextBytes < 0)
        {
            return false;
        }

        var layout = shape.Layout;
        return layout.Length == bytes.Length
            && Rises(Column<int>(bytes, layout.AgencyStarts, shape.Agencies + 1), shape.Count)
            && Rises(Column<int>(bytes, layout.TextStarts, shape.Texts + 1), shape.TextBytes)
            && AllBelow(Column<int>(bytes, layout.AgencyNames, shape.Agencies), shape.Texts)
            && AllBelow(Column<int>(bytes, layout.Case, shape.Count), shape.Texts)
            && AllBelow(Column<int>(bytes, layout.RequestedBy, shape.Count), shape.Texts)
            && AllBelow(Column<int>(bytes, layout.ById, shape.Count), shape.Count)
            && AllBelow(Column<int>(bytes, layout.ByExpiry, shape.Count), shape.Count)
            && AllBelow(Column<int>(bytes, layout.ByAge, shape.Count), shape.Count)
            && AreTimes(Column<long>(bytes, layout.From, shape.Count))
            && AreTimes(Column<long>(bytes, layout.Until, shape.Count))
            && AreTimes(Column<long>(bytes, layout.Tolerance, shape.Count))
            && AreTimes(Column<long>(bytes, layout.Created, shape.Count))
            && AreTimes(Column<long>(bytes, layout.Expires, shape.Count))
            && AreAgencies(bytes, layout, shape);
    }

    private static bool AreAgencies(ReadOnlySpan<byte> bytes, in SnapshotLayout layout, in SnapshotShape shape)
    {
        var starts = Column<int>(bytes, layout.TextStarts, shape.Texts + 1);
        foreach (var text in Column<int>(bytes, layout.AgencyNames, shape.Agencies))
        {
            var name = System.Text.Encoding.UTF8.GetString(bytes[((int)layout.Text + starts[text])..((int)layout.Text + starts[text + 1])]);
            if (!AgencyId.TryParse(name, out _))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Rises(ReadOnlySpan<int> starts, int to)
    {
        var before = 0;
        foreach (var start in starts)
        {
            if (start < before)
            {
                return false;
            }

            before = start;
        }

        return starts[0] == 0 && before == to;
    }

    // Optimised at once, as all that goes over every claim: an activation may be the first that a process makes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AreTimes(ReadOnlySpan<long> ticks)
    {
        ulong most = 0;
        foreach (var value in ticks)
        {
            most = Math.Max(most, (ulong)value);
        }

        return most <= (ulong)DateTime.MaxValue.Ticks;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AllBelow(ReadOnlySpan<int> values, int limit)
    {
        uint most = 0;
        foreach (var value in values)
        {
            most = Math.Max(most, (uint)value);
        }

        return values.IsEmpty || most < (uint)limit;
    }

    private static ReadOnlySpan<T> Column<T>(ReadOnlySpan<byte> bytes, long at, int count)
        where T : unmanaged =>
        MemoryMarshal.Cast<byte, T>(bytes[(int)at..])[..count];
}
