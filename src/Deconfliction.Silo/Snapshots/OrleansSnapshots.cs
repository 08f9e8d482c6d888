using System.Globalization;
using Deconfliction.Domain.Deciding.Snapshots;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid.Snapshots;
using Deconfliction.Ledger.Snapshots;
using Deconfliction.Silo.Grains;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Storage;

namespace Deconfliction.Silo.Snapshots;

/// <summary>
/// Keeps snapshots of long identifiers in Orleans' storage, under their grain, in pieces: one of 100,000 claims is 10 MB, and a row of that
/// size would be copied several times at once on its way.
/// </summary>
/// <remarks>
/// The first piece is written first, and its etag is the fence: of two silos that write at once, one wins it and the other drops its copy.
/// What can still be mixed up, by a writer that stood still between two pieces, fails the snapshot's checksum when it is read, and the
/// ledger is read whole. So the table may be emptied, or lose any rows, at any time.
/// </remarks>
internal sealed class OrleansSnapshots(ILogger log) : ISnapshots
{
    /// <summary>Bytes in a piece at most.</summary>
    public const int Length = 1024 * 1024;

    private IGrainStorage? _storage;

    /// <summary>From now on there is a storage; before, there are no snapshots and none is kept.</summary>
    public void Join(IGrainStorage storage) => Volatile.Write(ref _storage, storage);

    /// <inheritdoc/>
    public async Task<StoredSnapshot?> LoadAsync(Tag tag, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _storage) is not { } storage)
        {
            return null;
        }

        var grain = TagKeys.Grain(tag);
        if (await ReadAsync(storage, grain, 0, cancellationToken) is not { RecordExists: true, State: { Pieces: > 0 } first })
        {
            return null;
        }

        // The pool, apart from all others, bounds how many of them come at once.
        var rest = await Task.WhenAll(Enumerable.Range(1, first.Pieces - 1).Select(piece => ReadAsync(storage, grain, piece, cancellationToken)));
        return Join([first, .. rest.Where(static one => one.RecordExists).Select(static one => one.State!)]);
    }

    /// <inheritdoc/>
    public async Task SaveAsync(Tag tag, StoredSnapshot snapshot, CancellationToken cancellationToken)
    {
        var storage = Volatile.Read(ref _storage) ?? throw new InvalidOperationException("This silo has not joined its cluster yet.");
        var history = Snapshot.TryOpen(snapshot.Bytes, tag)?.Stamp.History
            ?? throw new ArgumentException("A snapshot that is to be kept must be one of its identifier.", nameof(snapshot));
        var grain = TagKeys.Grain(tag);
        var pieces = Split(snapshot, history);
        var before = 0;
        try
        {
            for (var piece = 0; piece < pieces.Count; piece++)
            {
                var stored = await ReadAsync(storage, grain, piece, cancellationToken);
                if (piece == 0)
                {
                    var there = stored.RecordExists ? stored.State : null;
                    if (there is not null && there.History == history && there.Version > snapshot.Version)
                    {
                        return; // Another silo has a newer one.
                    }

                    before = there?.Pieces ?? 0;
                }

                stored.State = pieces[piece];
                await storage.WriteStateAsync(Name(piece), grain, stored).WaitAsync(cancellationToken);
            }

            for (var piece = pieces.Count; piece < before; piece++)
            {
                await storage.ClearStateAsync(Name(piece), grain, new GrainState<SnapshotPiece>()).WaitAsync(cancellationToken);
            }
        }
        catch (InconsistentStateException conflict)
        {
            SiloLog.SnapshotDropped(log, tag.ToString(), snapshot.Version, conflict);
        }
    }

    private static string Name(int piece) => string.Create(CultureInfo.InvariantCulture, $"snapshot-{piece}");

    private static async Task<GrainState<SnapshotPiece>> ReadAsync(
        IGrainStorage storage, GrainId grain, int piece, CancellationToken cancellationToken)
    {
        var state = new GrainState<SnapshotPiece>(new SnapshotPiece());
        await storage.ReadStateAsync(Name(piece), grain, state).WaitAsync(cancellationToken);
        return state;
    }

    private static List<SnapshotPiece> Split(StoredSnapshot snapshot, Guid history)
    {
        var count = Math.Max(1, (snapshot.Bytes.Length + Length - 1) / Length);
        return [.. Enumerable.Range(0, count).Select(piece => new SnapshotPiece
        {
            Pieces = count,
            Version = snapshot.Version,
            History = history,
            EarliestEnd = snapshot.EarliestEnd,
            Bytes = snapshot.Bytes.Slice(piece * Length, Math.Min(Length, snapshot.Bytes.Length - (piece * Length))).ToArray(),
        })];
    }

    private static StoredSnapshot? Join(IReadOnlyList<SnapshotPiece> pieces)
    {
        var first = pieces[0];
        if (pieces.Count != first.Pieces
            || pieces.Any(piece => (piece.Pieces, piece.Version, piece.History) != (first.Pieces, first.Version, first.History)))
        {
            return null;
        }

        var bytes = GC.AllocateUninitializedArray<byte>(pieces.Sum(static piece => piece.Bytes.Length));
        var at = 0;
        foreach (var piece in pieces)
        {
            piece.Bytes.CopyTo(bytes, at);
            at += piece.Bytes.Length;
        }

        return new StoredSnapshot(first.Version, first.EarliestEnd, bytes);
    }
}
