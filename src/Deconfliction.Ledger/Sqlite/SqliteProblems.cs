using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Deconfliction.Ledger.Sqlite;

/// <summary>What SQLite's errors mean to a caller.</summary>
internal static class SqliteProblems
{
    /// <summary>The statement failed, or the database could not be read: nothing was written.</summary>
    public static Exception Unavailable(SqliteException problem) => problem.SqliteErrorCode == raw.SQLITE_CONSTRAINT
        ? new InvalidOperationException("A group contradicts what the ledger holds; nothing of it was written.", problem)
        : new LedgerUnavailableException($"The store refused: {problem.Message} Nothing was written. {Remedy(problem)}", problem);

    /// <summary>
    /// The commit failed. SQLite knows that it did and takes it back, but for one case: where the flush of the write-ahead log
    /// fails, the commit's frame may have reached the disk, and a crash before the next write would bring it back.
    /// </summary>
    public static Exception OfCommit(SqliteException problem) =>
        problem.SqliteExtendedErrorCode is raw.SQLITE_IOERR_FSYNC or raw.SQLITE_IOERR_DIR_FSYNC
            ? new OutcomeUnknownException(
                $"The store could not flush a commit: {problem.Message} It may or may not be durable. {Remedy(problem)}", problem)
            : Unavailable(problem);

    /// <summary>Takes back what is open. Where that fails too, it is tried again before the next transaction, which says so.</summary>
    public static void RollBack(SqliteSession session)
    {
        try
        {
            session.Rollback();
        }
        catch (SqliteException)
        {
            // The first error is the one to tell.
        }
    }

    private static string Remedy(SqliteException problem) => problem.SqliteErrorCode switch
    {
        raw.SQLITE_FULL => "Free space on the disk of the store; it goes on by itself.",
        raw.SQLITE_IOERR => "Check the disk of the store.",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "Another process writes to the store for too long; retry.",
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => "Check the owner and mode of the store's files.",
        raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "The store is damaged: restore a backup.",
        _ => "Retry; if it stays, see the log.",
    };
}
