using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Deconfliction.Silo.Clustering;

/// <summary>A grain that lives here and can be asked to leave.</summary>
internal interface IResident
{
    /// <summary>Ends what it waits for, takes no new work, and goes; calls under way finish. Must not wait.</summary>
    void Leave(string why);
}

/// <summary>The grains of this project that live on this silo. Thread-safe.</summary>
internal sealed class ResidentGrains
{
    private readonly ConcurrentDictionary<GrainId, IResident> _residents = new();

    /// <summary>How many there are, by kind.</summary>
    public IReadOnlyDictionary<string, int> CountByKind =>
        _residents.CountBy(static resident => resident.Key.Type)
            .ToDictionary(static kind => kind.Key.ToString()!, static kind => kind.Value, StringComparer.Ordinal);

    /// <summary>One has come.</summary>
    public void Add(GrainId grain, IResident resident) => _residents[grain] = resident;

    /// <summary>One has gone; its successor, if it has come already, stays.</summary>
    public void Remove(GrainId grain, IResident resident) => _residents.TryRemove(KeyValuePair.Create(grain, resident));

    /// <summary>Asks one to leave, where it is here.</summary>
    public void Dismiss(GrainId grain, string why)
    {
        if (_residents.TryGetValue(grain, out var resident))
        {
            resident.Leave(why);
        }
    }

    /// <summary>Asks all to leave that live elsewhere; how many there were.</summary>
    public int DismissStrangers(OwnerDirectory directory, SiloAddress here)
    {
        var dismissed = 0;
        foreach (var (grain, resident) in _residents)
        {
            if (directory.OwnerOf(grain) is { } owner && !owner.Equals(here))
            {
                resident.Leave("It lives on another silo now.");
                dismissed++;
            }
        }

        return dismissed;
    }
}
