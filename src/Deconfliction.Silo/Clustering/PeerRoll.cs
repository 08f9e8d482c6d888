using Orleans.Runtime;

namespace Deconfliction.Silo.Clustering;

/// <summary>Calls the roll of the other silos, and judges by their answers which are out of reach. For one caller at a time.</summary>
internal sealed class PeerRoll(Reach reach, TimeProvider time)
{
    // Called every second. Who is called later has stood still itself, and cannot tell what the others did meanwhile.
    private static readonly TimeSpan s_late = TimeSpan.FromSeconds(3);

    private readonly Dictionary<SiloAddress, Peer> _peers = [];
    private long _calledAt = time.GetTimestamp();

    /// <summary>After so long without an answer: longer than a silo short of processor takes, and sooner than it is declared dead.</summary>
    public static TimeSpan LostAfter { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Judges what was answered since the last time, and asks again; one question to each is under way at most.</summary>
    /// <param name="others">The other active silos.</param>
    /// <param name="ask">Asks one; never throws.</param>
    /// <returns>Those newly lost, and those newly found.</returns>
    public (IReadOnlyList<SiloAddress> Lost, IReadOnlyList<SiloAddress> Found) Call(IEnumerable<SiloAddress> others, Func<SiloAddress, Task<bool>> ask)
    {
        var isLate = time.GetElapsedTime(_calledAt) > s_late;
        _calledAt = time.GetTimestamp();
        var (lost, found, gone) = (new List<SiloAddress>(), new List<SiloAddress>(), _peers.Keys.ToHashSet());
        foreach (var silo in others)
        {
            gone.Remove(silo);
            if (!_peers.TryGetValue(silo, out var peer))
            {
                _peers[silo] = peer = new Peer { AnsweredAt = time.GetTimestamp() };
            }

            if (peer.Asking is { IsCompletedSuccessfully: true, Result: true } || (isLate && !reach.IsLost(silo)))
            {
                peer.AnsweredAt = time.GetTimestamp();
            }

            if (time.GetElapsedTime(peer.AnsweredAt) > LostAfter)
            {
                AddIf(reach.Lose(silo), silo, lost);
            }
            else
            {
                AddIf(reach.Find(silo), silo, found);
            }

            if (peer.Asking is not { IsCompleted: false })
            {
                peer.Asking = ask(silo);
            }
        }

        foreach (var silo in gone)
        {
            _peers.Remove(silo);
            reach.Forget(silo);
        }

        return (lost, found);
    }

    private static void AddIf(bool isNew, SiloAddress silo, List<SiloAddress> list)
    {
        if (isNew)
        {
            list.Add(silo);
        }
    }

    private sealed class Peer
    {
        public long AnsweredAt { get; set; }

        public Task<bool>? Asking { get; set; }
    }
}
