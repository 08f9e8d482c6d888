using Deconfliction.Silo.Notices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Deconfliction.Silo.Clustering;

/// <summary>
/// Asks each other silo every second whether it is there, and says to <see cref="Reach"/> which has not answered for some seconds. The
/// cluster's own verdict takes longer, and where every silo is cut off from every other it never comes: there is nobody to vote.
/// </summary>
internal sealed class ReachWatch(
    NoticeBoard board, Reach reach, OwnerDirectory directory, ResidentGrains residents, ILocalSiloDetails here, TimeProvider time,
    ILogger<ReachWatch> log) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    // Longer than a silo short of processor takes to answer; sooner than it is declared dead.
    private static readonly TimeSpan s_lost = TimeSpan.FromSeconds(5);

    private readonly Dictionary<SiloAddress, Peer> _peers = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Look();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    // One question to each is under way at most.
    private void Look()
    {
        var others = board.Others().ToHashSet();
        foreach (var silo in others)
        {
            if (!_peers.TryGetValue(silo, out var peer))
            {
                _peers[silo] = peer = new Peer { AnsweredAt = time.GetTimestamp() };
            }

            if (peer.Asking is { IsCompletedSuccessfully: true, Result: true })
            {
                peer.AnsweredAt = time.GetTimestamp();
            }

            Judge(silo, peer);
            if (peer.Asking is not { IsCompleted: false })
            {
                peer.Asking = board.IsThereAsync(silo, s_patience);
            }
        }

        foreach (var gone in _peers.Keys.Except(others).ToList())
        {
            _peers.Remove(gone);
            reach.Forget(gone);
        }
    }

    private void Judge(SiloAddress silo, Peer peer)
    {
        var silent = time.GetElapsedTime(peer.AnsweredAt);
        if (silent > s_lost)
        {
            if (reach.Lose(silo))
            {
                SiloLog.SiloOutOfReach(log, silo.ToString(), silent.TotalSeconds);
            }
        }
        else if (reach.Find(silo))
        {
            SiloLog.SiloInReach(log, silo.ToString(), residents.DismissStrangers(directory, here.SiloAddress));
        }
    }

    private sealed class Peer
    {
        public long AnsweredAt { get; set; }

        public Task<bool>? Asking { get; set; }
    }
}
