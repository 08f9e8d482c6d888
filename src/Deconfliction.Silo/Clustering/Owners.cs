using Orleans.Runtime;

namespace Deconfliction.Silo.Clustering;

/// <summary>
/// Which silo a grain lives on, of those that are active in one view of the membership: the one whose mark with the grain is highest
/// (rendezvous hashing; Thaler and Ravishankar, 1998). All silos with the same view answer alike, and when a silo comes or goes only the
/// grains that it gets or had move. Immutable.
/// </summary>
internal sealed class Owners
{
    private readonly SiloAddress[] _silos;
    private readonly ulong[] _marks;

    private Owners(MembershipVersion version, SiloAddress[] silos)
    {
        Version = version;
        _silos = silos;
        _marks = Array.ConvertAll(silos, static silo => Mix((uint)silo.GetConsistentHashCode()));
    }

    /// <summary>The view that they are of.</summary>
    public MembershipVersion Version { get; }

    /// <summary>The active silos.</summary>
    public IReadOnlyList<SiloAddress> Silos => _silos;

    /// <summary>Those of a view.</summary>
    public static Owners Of(ClusterMembershipSnapshot view) => new(
        view.Version,
        [.. view.Members.Values.Where(static member => member.Status == SiloStatus.Active).Select(static member => member.SiloAddress).Order()]);

    /// <summary>Where a grain lives; nothing while no silo is active.</summary>
    public SiloAddress? OwnerOf(GrainId grain)
    {
        var hash = grain.GetUniformHashCode() * 0x9E3779B97F4A7C15;
        SiloAddress? owner = null;
        var highest = 0UL;
        for (var i = 0; i < _silos.Length; i++)
        {
            var mark = Mix(hash ^ _marks[i]);
            if (owner is null || mark > highest)
            {
                (owner, highest) = (_silos[i], mark);
            }
        }

        return owner;
    }

    // The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): each bit of the result hangs on every bit of the input.
    private static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}
