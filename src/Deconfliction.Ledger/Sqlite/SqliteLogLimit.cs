namespace Deconfliction.Ledger.Sqlite;

/// <summary>
/// Keeps the write-ahead log short. SQLite's own checkpoints never wait: where one reader or another is always in the log, it is copied
/// into the file but never begun anew, and grows as long as that goes on.
/// </summary>
/// <remarks>
/// So a log over its limit is emptied by a checkpoint that waits for the readers that are in it. Those that come meanwhile read the file
/// itself and are not waited for: short readers, however many, let it through. A long one (a backup) does not; then it is tried again
/// when the log is twice as long, so that writers do not stand still for every few of its pages.
/// </remarks>
internal sealed class SqliteLogLimit(string storePath, long limit)
{
    /// <summary>Bytes after which the log is begun anew: four of SQLite's own checkpoints.</summary>
    public const long Default = 64 * 1024 * 1024;

    // The writers' turn is held for that long at most.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(250);

    private readonly FileInfo _log = new(storePath + "-wal");
    private long _triedAt;

    /// <summary>Looks after the log once <paramref name="writer"/> has committed, in its turn.</summary>
    public void AfterCommit(SqliteSession writer)
    {
        _log.Refresh();
        var length = _log.Exists ? _log.Length : 0;
        if (length <= limit)
        {
            _triedAt = 0;
        }
        else if (length > 2 * _triedAt)
        {
            _triedAt = writer.TryEmptyLog(s_patience) ? 0 : length;
        }
    }
}
