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
    NoticeBoard board, Reach reach, OwnerDirectory directory, ResidentGrains residents, TimeProvider time, ILogger<ReachWatch> log) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);
    private readonly PeerRoll _roll = new(reach, time);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var (lost, found) = _roll.Call(board.Others(), silo => board.IsThereAsync(silo, s_patience, stoppingToken));
                foreach (var silo in lost)
                {
                    SiloLog.SiloOutOfReach(log, silo.ToString(), PeerRoll.LostAfter.TotalSeconds);
                }

                if (found.Count > 0)
                {
                    SiloLog.SiloInReach(log, string.Join(", ", found), residents.DismissStrangers(directory, directory.Here));
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }
}
