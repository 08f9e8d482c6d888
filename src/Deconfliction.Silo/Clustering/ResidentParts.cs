using Deconfliction.Ledger;

namespace Deconfliction.Silo.Clustering;

/// <summary>The parts of the sweeps whose grains live on this silo. Thread-safe.</summary>
internal sealed class ResidentParts
{
    // A grain's successor may be here before it has gone itself.
    private readonly int[] _grains = new int[SweepParts.Count];

    /// <summary>Those that are here now.</summary>
    public SweepParts Parts
    {
        get
        {
            var parts = SweepParts.None;
            for (var part = 0; part < SweepParts.Count; part++)
            {
                parts = Volatile.Read(ref _grains[part]) > 0 ? parts.With(part) : parts;
            }

            return parts;
        }
    }

    /// <summary>One has come.</summary>
    public void Add(int part) => Interlocked.Increment(ref _grains[part]);

    /// <summary>One has gone.</summary>
    public void Remove(int part) => Interlocked.Decrement(ref _grains[part]);
}
