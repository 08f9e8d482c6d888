namespace Deconfliction.Ledger.Snapshots;

/// <summary>A part of a snapshot.</summary>
internal readonly record struct SnapshotPart(int Part, int Parts, long Version, DateTimeOffset EarliestEnd, ReadOnlyMemory<byte> Data);

/// <summary>Takes snapshots to pieces, so that no other write waits for a big one, and puts them together.</summary>
internal static class SnapshotParts
{
    /// <summary>Bytes in a part at most: well under a millisecond of writing.</summary>
    public const int Length = 256 * 1024;

    public static IReadOnlyList<SnapshotPart> Of(StoredSnapshot snapshot)
    {
        var parts = Math.Max(1, (snapshot.Bytes.Length + Length - 1) / Length);
        var list = new SnapshotPart[parts];
        for (var i = 0; i < parts; i++)
        {
            var from = i * Length;
            list[i] = new SnapshotPart(
                i, parts, snapshot.Version, snapshot.EarliestEnd,
                snapshot.Bytes.Slice(from, Math.Min(Length, snapshot.Bytes.Length - from)));
        }

        return list;
    }

    /// <summary>The snapshot of parts in order; nothing where one is missing or of another version.</summary>
    public static StoredSnapshot? Join(IReadOnlyList<SnapshotPart> parts)
    {
        if (parts.Count == 0)
        {
            return null;
        }

        var length = 0;
        for (var i = 0; i < parts.Count; i++)
        {
            if (parts[i].Part != i || parts[i].Parts != parts.Count || parts[i].Version != parts[0].Version)
            {
                return null;
            }

            length = checked(length + parts[i].Data.Length);
        }

        var bytes = GC.AllocateUninitializedArray<byte>(length);
        var at = 0;
        foreach (var part in parts)
        {
            part.Data.CopyTo(bytes.AsMemory(at));
            at += part.Data.Length;
        }

        return new StoredSnapshot(parts[0].Version, parts[0].EarliestEnd, bytes);
    }
}
