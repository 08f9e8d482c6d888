using Deconfliction.Ledger.Grouping;
using Deconfliction.Ledger.Migrations;
using Deconfliction.Ledger.Postgres;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Deconfliction.Ledger;

public static partial class LedgerFactory
{
    /// <summary>Opens a ledger in a PostgreSQL database (15 or newer, UTF8) that is the ledger's own.</summary>
    /// <param name="connectionString">Npgsql's connection string.</param>
    /// <param name="options">How it is opened.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StoreInUseException">Another process holds it.</exception>
    /// <exception cref="SchemaMismatchException">It is newer than this program, or not this program's.</exception>
    /// <exception cref="LedgerUnavailableException">
    /// It cannot be reached, or a setting of it would lose what was acknowledged (<c>synchronous_commit</c>, <c>fsync</c>); says the remedy.
    /// </exception>
    /// <exception cref="ArgumentException">The connection string is not one.</exception>
    public static Task<ILedger> OpenPostgresAsync(
        string connectionString, LedgerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        OpenPostgresAsync(connectionString, options, loggers, MigrationCatalog.Embedded("Postgres"), cancellationToken);

    /// <summary>Whether a text is a connection string of Npgsql's that names a host. What is wrong with it is not said: it may hold a password.</summary>
    public static bool IsPostgresConnection(string text)
    {
        try
        {
            return !string.IsNullOrWhiteSpace(new NpgsqlConnectionStringBuilder(text).Host);
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    internal static async Task<ILedger> OpenPostgresAsync(
        string connectionString,
        LedgerOptions options,
        ILoggerFactory loggers,
        MigrationCatalog catalog,
        CancellationToken cancellationToken)
    {
        var logger = loggers.CreateLogger("Deconfliction.Ledger.Postgres");
        var database = new PostgresDatabase(connectionString, options);
        PostgresStoreLock? storeLock = null;
        try
        {
            storeLock = await PostgresStoreLock.TakeAsync(connectionString, options, logger, cancellationToken);
            await PostgresMigrator.MigrateAsync(new PostgresScript(connectionString, options.Holder, logger), catalog, cancellationToken);
            return await GroupedLedger.OpenAsync(
                new PostgresLedgerStore(database, storeLock, options),
                new PostgresRecords(database, options),
                options,
                logger,
                cancellationToken);
        }
        catch
        {
            await database.DisposeAsync();
            if (storeLock is not null)
            {
                await storeLock.DisposeAsync();
            }

            throw;
        }
    }
}
