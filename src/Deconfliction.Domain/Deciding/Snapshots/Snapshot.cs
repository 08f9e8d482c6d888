using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Domain.Deciding.Snapshots;

/// <summary>
/// The live claims of one identifier as they were at a version, but for their sealed parts, which stay in the ledger. Derivable: where
/// there is none, or it cannot be used, the ledger is read whole. Holds no identifier.
/// </summary>
public sealed class Snapshot
{
    private Snapshot(FrozenClaims claims, in SnapshotStamp stamp) => (Claims, Stamp) = (claims, stamp);

    /// <summary>What it is of.</summary>
    public SnapshotStamp Stamp { get; }

    /// <summary>As it is stored.</summary>
    public ReadOnlyMemory<byte> Bytes => Claims.Bytes;

    /// <summary>How many claims it has.</summary>
    public int Count => Claims.Count;

    /// <summary>
    /// Before this no claim of it can have ended: it was live when the snapshot was taken, and one that expired counts as ended when it
    /// expired. Once the ledger has purged what ended after this moment, the tail may lack an end, and the snapshot is of no use.
    /// </summary>
    public DateTimeOffset EarliestEnd
    {
        get
        {
            var taken = Stamp.TakenAt - ClockTolerance;
            return Claims.FirstExpiry is { } first && first < taken ? first : taken;
        }
    }

    // Commits by other nodes bear their clocks' time.
    private static TimeSpan ClockTolerance => TimeSpan.FromHours(1);

    internal FrozenClaims Claims { get; }

    /// <summary>Reads a snapshot; nothing where it is damaged, of another identifier or in another format. Keeps the bytes.</summary>
    public static Snapshot? TryOpen(ReadOnlyMemory<byte> bytes, Tag tag) =>
        SnapshotReader.TryReadStamp(bytes.Span, out var stamp, out var shape) && stamp.Tag == tag
            ? new Snapshot(new FrozenClaims(bytes, shape), stamp)
            : null;
}
