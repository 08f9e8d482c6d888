using Deconfliction.Domain.Identifiers;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Grid;

namespace Deconfliction.Gateway.Watching;

/// <summary>An overlap as operators may see it: nothing of whose it is.</summary>
/// <param name="Id">Its reference: to ask how far its sides were told, never to be shown.</param>
/// <param name="FoundAt">When.</param>
/// <param name="Kind">Kind of the identifier; nothing where the claim came by another node, or by a turn of the grid's own.</param>
/// <param name="Strength">How sure.</param>
/// <param name="TimeToFlag">From the claim's turn to the commit.</param>
public sealed record TickedOverlap(Guid Id, DateTimeOffset FoundAt, IdentifierKind? Kind, Strength Strength, TimeSpan TimeToFlag);

/// <summary>The overlaps found last at this node, without those that have a SILENT side. Bounded; thread-safe.</summary>
public sealed class OverlapTicker
{
    /// <summary>How many are kept.</summary>
    public const int Most = 50;

    private readonly Lock _gate = new();
    private readonly Queue<Entry> _entries = new(Most);
    private int _unnamed;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<TickedOverlap> Read()
    {
        lock (_gate)
        {
            return [.. _entries.Reverse().Select(entry => new TickedOverlap(entry.Found.Id, entry.Found.FoundAt, entry.Kind, entry.Found.Strength, entry.Found.TimeToFlag))];
        }
    }

    /// <summary>For <see cref="GridMeters.OverlapFound"/>.</summary>
    public void Found(FoundOverlap found)
    {
        if (found.HasSilentSide)
        {
            return;
        }

        lock (_gate)
        {
            _entries.Enqueue(new Entry(found));
            Volatile.Write(ref _unnamed, _unnamed + 1);
            if (_entries.Count > Most && _entries.Dequeue().Kind is null)
            {
                Volatile.Write(ref _unnamed, _unnamed - 1);
            }
        }
    }

    // The grid knows tags alone; the gateway says afterwards what kind it was.
    internal void Name(Guid claimId, IdentifierKind kind)
    {
        if (Volatile.Read(ref _unnamed) == 0)
        {
            return;
        }

        lock (_gate)
        {
            foreach (var entry in _entries)
            {
                if (entry.Kind is null && entry.Found.NewerClaim == claimId)
                {
                    entry.Kind = kind;
                    Volatile.Write(ref _unnamed, _unnamed - 1);
                }
            }
        }
    }

    private sealed class Entry(FoundOverlap found)
    {
        public FoundOverlap Found { get; } = found;

        public IdentifierKind? Kind { get; set; }
    }
}
