using Deconfliction.Gateway.Keys;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Backup;
using Deconfliction.Server.Options;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Server.Hosting;

/// <summary>The subcommands that copy the store. Keys are in no backup: they are kept apart, by other hands.</summary>
internal static class StoreCommands
{
    /// <summary>Where the options say that the store is.</summary>
    public static LedgerLocation Location(ServerOptions options) => options.Store == StoreKind.Postgres
        ? new LedgerLocation.Postgres(options.Connection!)
        : new LedgerLocation.Sqlite(options.StoreFile);

    /// <summary>Copies the store to a file, while the server runs or not.</summary>
    public static async Task<string> BackupAsync(ServerOptions options, string file, CancellationToken cancellationToken)
    {
        if (options.Store == StoreKind.Sqlite && !File.Exists(options.StoreFile))
        {
            throw new StartException($"There is no store {options.StoreFile} to back up. Name the right folder with --data.");
        }

        // Nothing is written under the audit key here, so a backup can be taken without the ring.
        var keys = new KeyRingFolder(options.KeysFolder).Load();
        var ledger = new LedgerOptions { AuditKey = keys?.DeriveAuditKey() ?? new byte[KeyRing.SecretLength], Exclusive = false };
        var summary = await LedgerBackup.WriteAsync(Location(options), file, ledger, cancellationToken);
        return $"""
            {file} holds the store as of {summary.TakenAt:yyyy-MM-dd HH:mm:ss.fff}Z: {summary.Rows.Values.Sum():N0} rows.
            The keys are not in it. Without {options.KeysFolder} it cannot be used: keep that safe too, elsewhere.

            """;
    }

    /// <summary>Puts a backup in the place of an empty store.</summary>
    public static async Task<string> RestoreAsync(
        ServerOptions options, string file, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        var folder = new KeyRingFolder(options.KeysFolder);
        var keys = folder.Load() ?? throw new StartException(
            $"The key ring {folder.RingFile} is missing. Restore it first: the backup holds no keys, and other keys would miss every overlap.");
        if (!File.Exists(file))
        {
            throw new StartException($"There is no file {file}.");
        }

        var ledger = new LedgerOptions { AuditKey = keys.DeriveAuditKey() };
        var summary = await LedgerBackup.RestoreAsync(Location(options), file, ledger, logging, cancellationToken);

        // Opened as a server would: a ring of another store is refused now, not when the first agency calls.
        try
        {
            var opened = await StoreOpening.OpenAsync(options, new SoloEdition(), TimeProvider.System, logging, cancellationToken);
            await opened.Ledger.DisposeAsync();
        }
        catch (KeyRingException problem)
        {
            throw new StartException($"{file} was restored, and need not be again, but the keys are those of another store. {problem.Message}", problem);
        }

        if (summary.Audit?.FirstBad is { } bad)
        {
            throw new StartException(
                $"{file} was restored, but its audit record is broken: writer {bad.Writer}, entry {bad.Number}: {bad.Problem} Find out who altered it before you go on.");
        }

        return $"""
            The store is restored as of {summary.TakenAt:yyyy-MM-dd HH:mm:ss.fff}Z: {summary.Rows.Values.Sum():N0} rows, {summary.Audit?.Entries ?? 0:N0} audit entries verified.
            What was done after that moment is not in it: agencies repeat it with the same request ids.

            """;
    }
}
