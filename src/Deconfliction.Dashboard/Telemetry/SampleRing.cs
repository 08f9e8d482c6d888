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

    /// <summary>Adds the newest sample.</summary>
    public void Add(Sample sample)
    {
        lock (_gate)
        {
            Push(_fine, sample, FineCount);
            _filling.Add(sample);
            _filled += sample.Length;
            if (_filled >= CoarseLength)
            {
                Push(_coarse, Filling(), CoarseCount);
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
