namespace Deconfliction.Ledger;

/// <summary>How the ledger is opened.</summary>
public sealed record LedgerOptions
{
    /// <summary>Key of the audit chains, 32 bytes, from the key ring: without it entries cannot be forged.</summary>
    public required ReadOnlyMemory<byte> AuditKey { get; init; }

    /// <summary>Solo: refuse a store that another process holds, and say who does. Silos share.</summary>
    public bool Exclusive { get; init; } = true;

    /// <summary>Who holds it, as others are told: program, host, process id.</summary>
    public string Holder { get; init; } = $"process {Environment.ProcessId} on {Environment.MachineName}";

    /// <summary>Items in one group at most.</summary>
    public int MaximumGroup { get; init; } = 512;

    /// <summary>Items waiting in a lane at most; one more is shed.</summary>
    public int MaximumQueue { get; init; } = 20_000;

    /// <summary>Groups of one lane under way at once (PostgreSQL; SQLite has one writer).</summary>
    public int WritersPerLane { get; init; } = 2;

    /// <summary>Items that must wait before another group of the lane starts beside one that is under way.</summary>
    public int WorthASecondGroup { get; init; } = 16;

    /// <summary>How long a group may take before it is given up.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Monotonic time between round trips, and the embedded database's clock. Tests set it.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>How long to wait for a connection to the database.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);
}
