using Deconfliction.Ledger;
using Deconfliction.Silo.Grains;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Deconfliction.Silo.Clustering;

/// <summary>
/// Wakes the parts of the sweeps that belong on this silo and are not here: seconds after silos came or went, where the reminders alone
/// would take up to a minute.
/// </summary>
internal sealed class SweepPlacement(
    IGrainFactory grains, OwnerDirectory directory, ILocalSiloDetails here, ResidentParts resident, TimeProvider time, ILogger<SweepPlacement> log)
    : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await WakeMissingAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    private async Task WakeMissingAsync(CancellationToken stoppingToken)
    {
        var parts = resident.Parts;
        for (var part = 0; part < SweepParts.Count; part++)
        {
            if (parts.Includes(part) || !here.SiloAddress.Equals(directory.Current.OwnerOf(SweepGrain.Part(part))))
            {
                continue;
            }

            try
            {
                await grains.GetGrain<ISweepGrain>(part).WakeAsync(stoppingToken).WaitAsync(s_patience, stoppingToken);
            }
            catch (Exception problem) when (!stoppingToken.IsCancellationRequested)
            {
                // Whatever it was, such as a database out of reach: the next round tries again.
                SiloLog.SweepNotWoken(log, part, problem);
                return;
            }
        }
    }
}
