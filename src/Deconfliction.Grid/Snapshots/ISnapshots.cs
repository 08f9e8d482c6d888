using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Snapshots;

namespace Deconfliction.Grid.Snapshots;

/// <summary>
/// Where snapshots of long identifiers are kept. All of it is derivable: a host may lose, forget or mix them up at any time, and may keep
/// none; that costs time and never truth, because a snapshot says what it is of, and the ledger's fence has the last word.
/// </summary>
public interface ISnapshots
{
    /// <summary>The last snapshot of an identifier, if there is one.</summary>
    Task<StoredSnapshot?> LoadAsync(Tag tag, CancellationToken cancellationToken);

    /// <summary>Keeps a snapshot in place of the last one.</summary>
    Task SaveAsync(Tag tag, StoredSnapshot snapshot, CancellationToken cancellationToken);
}
