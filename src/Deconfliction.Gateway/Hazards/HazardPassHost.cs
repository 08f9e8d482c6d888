using Microsoft.Extensions.Hosting;

namespace Deconfliction.Gateway.Hazards;

/// <summary>Runs the pass in the background, once a start.</summary>
internal sealed class HazardPassHost(HazardPass pass) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.Run(() => pass.RunAsync(stoppingToken), stoppingToken);
}
