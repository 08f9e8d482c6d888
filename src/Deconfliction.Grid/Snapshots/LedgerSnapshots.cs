using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Snapshots;

namespace Deconfliction.Grid.Snapshots;

/// <summary>Keeps snapshots in the ledger's own database, beside its tables: solo's way.</summary>
public sealed class LedgerSnapshots(ILedger ledger) : ISnapshots
{
    /// <inheritdoc/>
    public Task<StoredSnapshot?> LoadAsync(Tag tag, CancellationToken cancellationToken) => ledger.ReadSnapshotAsync(tag, cancellationToken);

    /// <inheritdoc/>
    public Task SaveAsync(Tag tag, StoredSnapshot snapshot, CancellationToken cancellationToken) =>
        ledger.WriteSnapshotAsync(tag, snapshot, cancellationToken);
}
