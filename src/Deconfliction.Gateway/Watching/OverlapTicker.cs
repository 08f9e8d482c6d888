using Deconfliction.Grid;

namespace Deconfliction.Gateway.Watching;

/// <summary>The overlaps found last at this node, without those that have a SILENT side. Bounded; thread-safe.</summary>
public sealed class OverlapTicker
{
    /// <summary>How many are kept.</summary>
    public const int Most = 50;

    private readonly Lock _gate = new();
    private readonly Queue<FoundOverlap> _found = new(Most);

    /// <summary>Newest first. An id is to ask how far its sides were told, never to be shown.</summary>
    public IReadOnlyList<FoundOverlap> Read()
    {
        lock (_gate)
        {
            return [.. _found.Reverse()];
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
            if (_found.Count == Most)
            {
                _found.Dequeue();
            }

            _found.Enqueue(found);
        }
    }
}
