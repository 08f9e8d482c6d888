namespace Deconfliction.Dashboard.Telemetry;

/// <summary>Another node's samples, as far as they came here. As long as that node's own ring. Thread-safe.</summary>
public sealed class NodeHistory
{
    private readonly Lock _gate = new();
    private readonly Queue<Sample> _fine = new();
    private readonly Queue<Sample> _coarse = new();

    // What the coarse ones do not hold yet.
    private readonly List<Sample> _since = [];
    private DateTimeOffset _coarseUntil;
    private SampleMark _mark;

    /// <summary>How far they are known.</summary>
    public SampleMark Mark
    {
        get
        {
            lock (_gate)
            {
                return _mark;
            }
        }
    }

    /// <summary>Adds what came after a mark; where something else was added meanwhile, it is left out.</summary>
    public void Add(SampleMark after, SampleBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_gate)
        {
            if (after != _mark)
            {
                return;
            }

            _mark = batch.Until;
            Push(_fine, batch.Fine, SampleRing.FineCount);
            Push(_coarse, batch.Coarse, SampleRing.CoarseCount);
            _since.AddRange(batch.Fine);
            _coarseUntil = batch.Coarse.Count > 0 ? batch.Coarse[^1].At : _coarseUntil;
            _since.RemoveAll(sample => sample.At <= _coarseUntil);
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
            return _since.Count == 0
                ? [.. _coarse]
                : [.. _coarse, Sample.Sum(_since, _since[^1].At, new TimeSpan(_since.Sum(sample => sample.Length.Ticks)), addGauges: false)];
        }
    }

    private static void Push(Queue<Sample> ring, IReadOnlyList<Sample> samples, int most)
    {
        foreach (var sample in samples)
        {
            ring.Enqueue(sample);
        }

        while (ring.Count > most)
        {
            ring.Dequeue();
        }
    }
}
