using System.Diagnostics.CodeAnalysis;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Deciding.Snapshots;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Snapshots;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Grid.Snapshots;

/// <summary>
/// Brings identifiers with many claims into memory, from a snapshot and the ledger's tail where that can be, and writes their snapshots:
/// one at a time a process, beside the turns.
/// </summary>
/// <remarks>
/// A snapshot is used only where it is of this identifier, of this history of the ledger and of a version that the ledger has had, and
/// where nothing that may have ended since has been purged. In every other case the ledger is read whole.
/// </remarks>
public sealed class LongIdentifiers : IAsyncDisposable
{
    private static readonly TimeSpan s_writeLimit = TimeSpan.FromSeconds(30);

    private readonly ILedger _ledger;
    private readonly ISnapshots _snapshots;
    private readonly GridOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly CancellationTokenSource _stop = new();
    private int _stopped;

    /// <summary>Over a ledger and a place for snapshots.</summary>
    public LongIdentifiers(ILedger ledger, ISnapshots snapshots, GridOptions options, TimeProvider time, ILoggerFactory logging)
    {
        _ledger = ledger;
        _snapshots = snapshots;
        _options = options;
        _time = time;
        _logger = logging.CreateLogger("Deconfliction.Grid.Snapshots");
    }

    /// <summary>Ends a write under way: there is no snapshot then, or an older one.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) == 0)
        {
            await _stop.CancelAsync();
            await _writing.WaitAsync(s_writeLimit);
        }
    }

    internal async Task<(Guid Id, IdentifierState State)> LoadAsync(Tag tag, CancellationToken cancellationToken)
    {
        if (await FindAsync(tag, cancellationToken) is { } snapshot
            && await _ledger.LoadLongAsync(tag, snapshot.Stamp.Version, cancellationToken) is { } tail
            && Resume(snapshot, tail) is { } resumed)
        {
            return (tail.Id, resumed);
        }

        return await _ledger.LoadLongAsync(tag, after: null, cancellationToken) is { } whole
            ? (whole.Id, IdentifierState.Restore(whole.Version, whole.Hazard, whole.IsCrowd, whole.Claims))
            : (Guid.Empty, IdentifierState.Empty());
    }

    /// <summary>Whether a state has so many claims that snapshots of it are kept.</summary>
    internal bool IsLong(IdentifierState state) => state.LiveCount > _options.SnapshotAbove;

    /// <summary>Whether it is time to write one.</summary>
    internal bool IsDue(IdentifierState state, long? lastWrite) =>
        IsLong(state) && state.ChangesSinceSnapshot >= _options.SnapshotAfterChanges
        && (lastWrite is not { } last || _time.GetElapsedTime(last) >= _options.SnapshotInterval);

    /// <summary>
    /// Starts to write one of a state, unless one is being written already. The task gives the snapshot once it is kept, and nothing where
    /// that failed; it never fails itself.
    /// </summary>
    internal bool TryBegin(Tag tag, Guid identifierId, IdentifierState state, [NotNullWhen(true)] out Task<Snapshot?>? writing)
    {
        writing = null;
        if (Volatile.Read(ref _stopped) != 0 || !_writing.Wait(0))
        {
            return false;
        }

        var capture = state.Capture(new SnapshotStamp(tag, identifierId, Guid.Empty, state.Version, _ledger.Now));
        writing = Task.Run(() => WriteAsync(capture));
        return true;
    }

    private async Task<Snapshot?> FindAsync(Tag tag, CancellationToken cancellationToken)
    {
        StoredSnapshot? stored;
        try
        {
            stored = await _snapshots.LoadAsync(tag, cancellationToken);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            _logger.SnapshotUnreadable(tag.ToString(), problem);
            return null;
        }

        if (stored is null)
        {
            return null;
        }

        var snapshot = Snapshot.TryOpen(stored.Bytes, tag);
        if (snapshot is null)
        {
            _logger.SnapshotUnsound(tag.ToString());
        }

        return snapshot;
    }

    private IdentifierState? Resume(Snapshot snapshot, LongIdentifierRecord tail)
    {
        var stamp = snapshot.Stamp;
        if (stamp.History != tail.History || stamp.IdentifierId != tail.Id || stamp.Version > tail.Version
            || snapshot.EarliestEnd < tail.PurgedBefore)
        {
            _logger.SnapshotOutOfUse(stamp.Tag.ToString(), stamp.Version, tail.Version);
            return null;
        }

        try
        {
            return IdentifierState.Resume(snapshot, tail.Version, tail.Hazard, tail.IsCrowd, tail.Claims);
        }
        catch (InvalidOperationException misfit)
        {
            _logger.SnapshotMisfit(stamp.Tag.ToString(), stamp.Version, tail.Version, misfit);
            return null;
        }
    }

    private async Task<Snapshot?> WriteAsync(ClaimCapture capture)
    {
        var stamp = capture.Stamp;
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            limit.CancelAfter(s_writeLimit);
            if (await _ledger.LoadLongAsync(stamp.Tag, stamp.Version, limit.Token) is not { } now || now.Id != stamp.IdentifierId)
            {
                return null; // Not the ledger's any more; the fence tells the actor.
            }

            var snapshot = capture.Write(now.History);
            await _snapshots.SaveAsync(
                stamp.Tag, new StoredSnapshot(stamp.Version, snapshot.EarliestEnd, snapshot.Bytes), limit.Token);
            _logger.SnapshotWritten(stamp.Tag.ToString(), stamp.Version, snapshot.Count);
            return snapshot;
        }
        catch (Exception problem)
        {
            if (!_stop.IsCancellationRequested)
            {
                _logger.SnapshotNotWritten(stamp.Tag.ToString(), stamp.Version, problem);
            }

            return null;
        }
        finally
        {
            _writing.Release();
        }
    }
}
