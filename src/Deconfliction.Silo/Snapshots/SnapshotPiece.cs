namespace Deconfliction.Silo.Snapshots;

/// <summary>A part of a snapshot, as Orleans' storage keeps it.</summary>
[GenerateSerializer]
[Alias("deconfliction.snapshot-piece")]
public sealed class SnapshotPiece
{
    /// <summary>How many parts there are.</summary>
    [Id(0)]
    public int Pieces { get; set; }

    /// <summary>The identifier's version that the snapshot covers.</summary>
    [Id(1)]
    public long Version { get; set; }

    /// <summary>The ledger's history that it is of.</summary>
    [Id(2)]
    public Guid History { get; set; }

    /// <summary>Before this none of its claims can have ended.</summary>
    [Id(3)]
    public DateTimeOffset EarliestEnd { get; set; }

    /// <summary>This part of its bytes.</summary>
    [Id(4)]
    public byte[] Bytes { get; set; } = [];
}
