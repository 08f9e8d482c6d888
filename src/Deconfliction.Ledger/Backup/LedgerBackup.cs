using Deconfliction.Ledger.Auditing;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Ledger.Backup;

/// <summary>
/// Backup and restore, in one format for both databases: a store in SQLite can be restored into PostgreSQL, and back. A backup is
/// taken in one snapshot while the ledger is at work; it holds what the store holds (sealed values, tags, the audit record) and no key.
/// </summary>
/// <remarks>
/// The file is a zip archive: an entry <c>TABLE.ndjson</c> for each table (a JSON array a row), then <c>manifest.json</c> (format,
/// schema, moment, columns, row counts, SHA-256 of each entry) and the manifest's own SHA-256.
/// </remarks>
public static class LedgerBackup
{
    /// <summary>
    /// Writes a backup to a file that only its owner may read. It has another name until it is whole and on the disk.
    /// </summary>
    /// <exception cref="BackupRefusedException">The file is there already, or its folder is not.</exception>
    /// <exception cref="LedgerUnavailableException">The store cannot be read.</exception>
    /// <exception cref="SchemaMismatchException">The store's schema is not this program's.</exception>
    public static async Task<BackupSummary> WriteAsync(
        LedgerLocation store, string path, LedgerOptions options, CancellationToken cancellationToken)
    {
        var partial = path + ".partial";
        if (File.Exists(path))
        {
            throw new BackupRefusedException($"{path} is there already. Name another file, or move that one away.");
        }

        if (Directory.Exists(path))
        {
            throw new BackupRefusedException($"{path} is a folder. Name a file.");
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (!Directory.Exists(folder))
        {
            throw new BackupRefusedException($"There is no folder {folder}. Make it first, or name a file in one that is there.");
        }

        var file = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            file.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            BackupSummary summary;
            File.Delete(partial); // of an earlier attempt; its mode would stay
            await using (var output = new FileStream(partial, file))
            {
                summary = await WriteAsync(store, output, options, cancellationToken);
                output.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: false);
            return summary;
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Writes a backup to a stream, which need not be one that can seek.</summary>
    /// <exception cref="LedgerUnavailableException">The store cannot be read.</exception>
    /// <exception cref="SchemaMismatchException">The store's schema is not this program's.</exception>
    public static async Task<BackupSummary> WriteAsync(
        LedgerLocation store, Stream output, LedgerOptions options, CancellationToken cancellationToken)
    {
        await using var source = await OpenSourceAsync(store, options, cancellationToken);
        return await BackupWriter.WriteAsync(source, output, cancellationToken);
    }

    /// <summary>
    /// Restores a backup into an empty store, in one transaction, after its hashes were verified; then follows the audit chains,
    /// and answers from when the state is.
    /// </summary>
    /// <param name="store">Where it goes.</param>
    /// <param name="path">The backup.</param>
    /// <param name="options">How the store is opened.</param>
    /// <param name="loggers">Where it says for whom it waits.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BackupRefusedException">The file is damaged, not a backup or newer than this program; or the store is not empty.</exception>
    /// <exception cref="StoreInUseException">A process has the store open.</exception>
    /// <exception cref="LedgerUnavailableException">The store cannot be written; nothing was.</exception>
    public static async Task<BackupSummary> RestoreAsync(
        LedgerLocation store, string path, LedgerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        using var backup = BackupReader.Open(path);
        await backup.VerifyAsync(cancellationToken);
        var alone = options with { Exclusive = true };
        await using (var target = await OpenTargetAsync(store, alone, loggers, cancellationToken))
        {
            await RestoreAsync(backup, target, cancellationToken);
        }

        await using var ledger = await store.OpenAsync(alone, loggers, cancellationToken);
        return backup.Summary with { Audit = await ledger.VerifyAuditAsync(cancellationToken) };
    }

    private static async Task RestoreAsync(BackupReader backup, IBackupTarget target, CancellationToken cancellationToken)
    {
        foreach (var table in BackupTable.All)
        {
            if (!await target.IsEmptyAsync(table, cancellationToken))
            {
                throw new BackupRefusedException(
                    $"The store is not empty (its table {table.Name} has rows), and a restore never mixes two ledgers. Restore into a new "
                    + "folder or a new database.");
            }
        }

        foreach (var table in BackupTable.All)
        {
            await target.WriteAsync(table, backup.ReadAsync(table, cancellationToken), cancellationToken);
        }

        await target.CommitAsync(cancellationToken);
    }

    private static async Task<IBackupSource> OpenSourceAsync(
        LedgerLocation store, LedgerOptions options, CancellationToken cancellationToken) => store switch
    {
        LedgerLocation.Sqlite sqlite => SqliteBackupSource.Open(sqlite.Path, options),
        LedgerLocation.Postgres postgres =>
            await PostgresBackupSource.OpenAsync(postgres.ConnectionString, options, cancellationToken),
        _ => throw new InvalidOperationException($"There is no store of the kind {store.GetType().Name}."),
    };

    private static async Task<IBackupTarget> OpenTargetAsync(
        LedgerLocation store, LedgerOptions options, ILoggerFactory loggers, CancellationToken cancellationToken) => store switch
    {
        LedgerLocation.Sqlite sqlite => SqliteBackupTarget.Open(sqlite.Path, options),
        LedgerLocation.Postgres postgres =>
            await PostgresBackupTarget.OpenAsync(postgres.ConnectionString, options, loggers, cancellationToken),
        _ => throw new InvalidOperationException($"There is no store of the kind {store.GetType().Name}."),
    };
}

/// <summary>What a backup holds.</summary>
/// <param name="TakenAt">From when its state is, by the database's clock.</param>
/// <param name="SchemaVersion">The schema that it was taken from.</param>
/// <param name="Rows">Rows of each table.</param>
/// <param name="Audit">After a restore: what following the audit chains found.</param>
public sealed record BackupSummary(
    DateTimeOffset TakenAt, int SchemaVersion, IReadOnlyDictionary<string, long> Rows, AuditVerification? Audit = null);

/// <summary>A backup cannot be written or restored as asked; nothing was changed. Says why, and the remedy.</summary>
public sealed class BackupRefusedException(string message, Exception? inner = null) : Exception(message, inner);
