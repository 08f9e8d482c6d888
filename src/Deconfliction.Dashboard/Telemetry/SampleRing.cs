namespace Deconfliction.Dashboard.Telemetry;

/// <summary>The samples of a node: fine ones of the last minutes, coarse ones of the last day. Bounded. Thread-safe.</summary>
internal sealed class SampleRing
{
    /// <summary>A quarter of an hour of 5 s each.</summary>
    public const int FineCount = 180;

    /// <summary>A day of 5 min each.</summary>
    public const int CoarseCount = 288;

    /// <summary>Length of a coarse sample.</summary>
    public static readonly TimeSpan CoarseLength = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Queue<Sample> _fine = new();
    private readonly Queue<Sample> _coarse = new();
    private readonly List<Sample> _filling = [];
    private TimeSpan _filled;
    private SampleMark _mark;

    /// <summary>Adds the newest sample.</summary>
    public void Add(Sample sample)
    {
        lock (_gate)
        {
            Push(_fine, sample, FineCount);
            _mark = _mark with { Fine = _mark.Fine + 1 };
            _filling.Add(sample);
            _filled += sample.Length;
            if (_filled >= CoarseLength)
            {
                Push(_coarse, Filling(), CoarseCount);
                _mark = _mark with { Coarse = _mark.Coarse + 1 };
                _filling.Clear();
                _filled = TimeSpan.Zero;
            }
        }
    }

    /// <summary>The fine ones, oldest first.</summary>
    public IReadOnlyList<Sample> Fine()
    {
        lock (_gate)
        {
            return [.. _fine];
        }
    }

    /// <summary>The coarse ones, oldest first; the last may still be filling.</summary>
    public IReadOnlyList<Sample> Coarse()
    {
        lock (_gate)
        {
            return _filling.Count == 0 ? [.. _coarse] : [.. _coarse, Filling()];
        }
    }

    /// <summary>What came after a mark, oldest first, and at most so many of each; the one still filling is not among them.</summary>
    public SampleBatch After(SampleMark mark, int most)
    {
        lock (_gate)
        {
            var (fine, fineUntil) = Next(_fine, _mark.Fine, mark.Fine, most);
            var (coarse, coarseUntil) = Next(_coarse, _mark.Coarse, mark.Coarse, most);
            var until = new SampleMark(fineUntil, coarseUntil);
            return new SampleBatch(fine, coarse, until, until != _mark);
        }
    }

    private static (IReadOnlyList<Sample> Samples, long Until) Next(Queue<Sample> ring, long added, long known, int most)
    {
        // A mark from beyond is of another life of this node: all is new.
        var missing = known > added ? ring.Count : (int)Math.Min(added - known, ring.Count);
        var next = ring.Skip(ring.Count - missing).Take(most).ToList();
        return (next, added - missing + next.Count);
    }

    private Sample Filling() => Sample.Sum(_filling, _filling[^1].At, _filled, addGauges: false);

    private static void Push(Queue<Sample> ring, Sample sample, int most)
    {
        ring.Enqueue(sample);
        if (ring.Count > most)
        {
            ring.Dequeue();
        }
    }
}
