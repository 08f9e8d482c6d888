using Deconfliction.Ledger.Grouping;
using Deconfliction.Ledger.Migrations;
using Deconfliction.Ledger.Sqlite;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Ledger;

/// <summary>Opens a ledger: takes its lock, brings its schema up to date, learns its time.</summary>
public static partial class LedgerFactory
{
    /// <summary>
    /// Opens the embedded store in a file, made where it is not there. Its folder is made for its owner only, and so are its
    /// files: <paramref name="path"/>, and beside it <c>-wal</c>, <c>-shm</c>, <c>.lock</c> and <c>.holder</c>.
    /// </summary>
    /// <param name="path">The file, such as <c>data/store/ledger.db</c>.</param>
    /// <param name="options">How it is opened.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreInUseException">Another process holds it.</exception>
    /// <exception cref="SchemaMismatchException">It is newer than this program, or not this program's.</exception>
    /// <exception cref="LedgerUnavailableException">It cannot be opened.</exception>
    public static async Task<ILedger> OpenSqliteAsync(
        string path, LedgerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var catalog = MigrationCatalog.Embedded("Sqlite");
        var database = await Task.Run(() => SqliteDatabase.Open(path, options, catalog), cancellationToken);
        try
        {
            return await GroupedLedger.OpenAsync(
                new SqliteLedgerStore(database, options),
                new SqliteLedgerRecords(database, options),
                options,
                loggers.CreateLogger("Deconfliction.Ledger.Sqlite"),
                cancellationToken);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }
}
