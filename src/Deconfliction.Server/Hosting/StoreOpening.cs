using Deconfliction.Gateway.Keys;
using Deconfliction.Ledger;
using Deconfliction.Server.Options;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Server.Hosting;

/// <summary>Opens the store under its own keys.</summary>
internal static class StoreOpening
{
    /// <summary>The ledger and the ring that belongs to it.</summary>
    /// <exception cref="KeyRingException">The ring is not this store's; the ledger has been closed again.</exception>
    public static async Task<(ILedger Ledger, KeyRing Keys)> OpenAsync(
        ServerOptions options, IEdition edition, TimeProvider time, ILoggerFactory logging, CancellationToken cancellationToken)
    {
        await using var turn = await edition.EnterAsync(cancellationToken);
        var folder = new KeyRingFolder(options.KeysFolder);
        var loaded = folder.Load();
        // A new store is opened with the keys that it is about to get.
        var candidate = loaded ?? KeyRing.Create();
        var ledgerOptions = edition.Open(new LedgerOptions { AuditKey = candidate.DeriveAuditKey(), Time = time });
        var ledger = await StoreCommands.Location(options).OpenAsync(ledgerOptions, logging, cancellationToken);
        try
        {
            var isNew = (await ledger.ListAgenciesAsync(cancellationToken)).Count == 0;
            var keys = await KeyRingCheck.AdmitAsync(
                folder, candidate, loaded, new LedgerGatewayStore(ledger), isNew, cancellationToken);
            return (ledger, keys);
        }
        catch
        {
            await ledger.DisposeAsync();
            throw;
        }
    }
}
