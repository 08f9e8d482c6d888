using Orleans.Runtime;

namespace Deconfliction.Silo.Clustering;

/// <summary>When a silo last left the cluster, in order or not, as far as this one can tell. Thread-safe.</summary>
internal sealed class DepartedSilos(TimeProvider time)
{
    private readonly Lock _gate = new();
    private HashSet<SiloAddress> _gone = [];
    private long? _departedAt;

    /// <summary>Notes who is gone in a view.</summary>
    public void See(ClusterMembershipSnapshot view)
    {
        ArgumentNullException.ThrowIfNull(view);
        var gone = view.Members.Values.Where(static member => member.Status.IsTerminating()).Select(static member => member.SiloAddress).ToHashSet();
        lock (_gate)
        {
            // Who was gone before this silo came may have left just then, so the first view counts.
            if (!gone.IsSubsetOf(_gone))
            {
                _departedAt = time.GetTimestamp();
            }

            _gone = gone;
        }
    }

    /// <summary>Whether one may have left within a time.</summary>
    public bool HasDepartedWithin(TimeSpan span)
    {
        lock (_gate)
        {
            return _departedAt is { } at && time.GetElapsedTime(at) < span;
        }
    }
}
