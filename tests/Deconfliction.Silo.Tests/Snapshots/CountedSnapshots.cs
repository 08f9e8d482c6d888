using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid.Snapshots;
using Deconfliction.Ledger.Snapshots;
using Deconfliction.Silo.Snapshots;

namespace Deconfliction.Silo.Tests.Snapshots;

/// <summary>A silo's snapshots, and how many were found when asked for.</summary>
internal sealed class CountedSnapshots(OrleansSnapshots inner) : ISnapshots
{
    private int _found;
    private int _missed;

    /// <summary>The silo's own.</summary>
    public OrleansSnapshots Inner => inner;

    /// <summary>Loads that found one, and those that found none.</summary>
    public (int Found, int Missed) Loads => (Volatile.Read(ref _found), Volatile.Read(ref _missed));

    public async Task<StoredSnapshot?> LoadAsync(Tag tag, CancellationToken cancellationToken)
    {
        var snapshot = await inner.LoadAsync(tag, cancellationToken);
        Interlocked.Increment(ref snapshot is null ? ref _missed : ref _found);
        return snapshot;
    }

    public Task SaveAsync(Tag tag, StoredSnapshot snapshot, CancellationToken cancellationToken) => inner.SaveAsync(tag, snapshot, cancellationToken);
}
