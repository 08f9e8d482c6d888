using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Deconfliction.Silo.Clustering;

/// <summary>
/// Which of the active silos this one cannot reach now, whatever the cluster thinks of them (ADR 0017). Thread-safe.
/// </summary>
/// <remarks>
/// What such a silo owns is answered here for as long as that lasts, from the ledger, whose fence decides where the owner goes on as well.
/// </remarks>
internal sealed class Reach
{
    private readonly ConcurrentDictionary<SiloAddress, CancellationTokenSource> _held = new();
    private readonly ConcurrentDictionary<SiloAddress, byte> _lost = new();
    private volatile bool _any;

    /// <summary>Whether one cannot.</summary>
    public bool IsLost(SiloAddress silo) => _any && _lost.ContainsKey(silo);

    /// <summary>Is cancelled when a silo is lost: whoever waits for its answer waits no longer. What it was asked may still be done there.</summary>
    public CancellationToken WhileHeld(SiloAddress silo)
    {
        if (IsLost(silo))
        {
            return new CancellationToken(canceled: true);
        }

        var token = _held.GetOrAdd(silo, static _ => new CancellationTokenSource()).Token;

        // Lost in between, it would be the token of its next time.
        return IsLost(silo) ? new CancellationToken(canceled: true) : token;
    }

    /// <summary>One cannot be reached any more; whether that is new.</summary>
    public bool Lose(SiloAddress silo)
    {
        if (!_lost.TryAdd(silo, 0))
        {
            return false;
        }

        _any = true;
        if (_held.TryRemove(silo, out var held))
        {
            // Not disposed of: who has just asked for its token may still wait on it.
            _ = held.CancelAsync();
        }

        return true;
    }

    /// <summary>One can be reached again, or is gone; whether it could not before.</summary>
    public bool Find(SiloAddress silo)
    {
        if (!_lost.TryRemove(silo, out _))
        {
            return false;
        }

        _any = !_lost.IsEmpty;
        return true;
    }

    /// <summary>One has left the cluster: nobody waits for it, nothing is known of it.</summary>
    public void Forget(SiloAddress silo)
    {
        Lose(silo);
        Find(silo);
    }
}
