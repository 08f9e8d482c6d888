using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Deconfliction.Silo.Clustering;

/// <summary>
/// When silos come or go, asks the grains that now live elsewhere to leave: so a new silo takes its share at once, without a restart and
/// without anything moving but the next call.
/// </summary>
internal sealed class OwnershipWatch(
    IClusterMembershipService membership, OwnerDirectory directory, ILocalSiloDetails here, ResidentGrains residents, DepartedSilos departed, ILogger<OwnershipWatch> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        IReadOnlyList<SiloAddress> before = [];
        try
        {
            await foreach (var view in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                departed.See(view);
                var owners = Owners.Of(view);
                if (owners.Silos.SequenceEqual(before))
                {
                    continue;
                }

                before = owners.Silos;
                var moved = residents.DismissStrangers(directory, here.SiloAddress);
                SiloLog.OwnersChanged(log, owners.Silos.Count, view.Version.Value, moved);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }
}
