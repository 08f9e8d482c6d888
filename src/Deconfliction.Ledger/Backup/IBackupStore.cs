namespace Deconfliction.Ledger.Backup;

/// <summary>A store in one snapshot.</summary>
internal interface IBackupSource : IAsyncDisposable
{
    /// <summary>The moment of the snapshot, by the database's clock.</summary>
    DateTimeOffset TakenAt { get; }

    /// <summary>Number of the newest migration applied.</summary>
    int SchemaVersion { get; }

    /// <summary>A table's rows, as they come. The array is used again for each row.</summary>
    IAsyncEnumerable<object?[]> ReadAsync(BackupTable table, CancellationToken cancellationToken);
}

/// <summary>A store in one transaction, which is taken back unless it is committed.</summary>
internal interface IBackupTarget : IAsyncDisposable
{
    /// <summary>Whether a table has no rows.</summary>
    Task<bool> IsEmptyAsync(BackupTable table, CancellationToken cancellationToken);

    /// <summary>Writes a table's rows. The array is used again for each row.</summary>
    Task WriteAsync(BackupTable table, IAsyncEnumerable<object?[]> rows, CancellationToken cancellationToken);

    /// <summary>Commits.</summary>
    Task CommitAsync(CancellationToken cancellationToken);
}
