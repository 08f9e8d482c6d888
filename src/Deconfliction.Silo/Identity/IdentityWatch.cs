using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Silo.Identity;

/// <summary>
/// Says in time that this silo's identity ends: as a figure always, and in the log once a day when it is near. After its end no other silo
/// lets this one connect, and it does not start again.
/// </summary>
/// <param name="identity">The identity.</param>
/// <param name="notice">How long before its end.</param>
/// <param name="time">The clock of certificates.</param>
/// <param name="log">Where it says so.</param>
internal sealed class IdentityWatch(SiloIdentity identity, TimeSpan notice, TimeProvider time, ILogger<IdentityWatch> log) : BackgroundService
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Deconfliction.Silo";

    private static readonly TimeSpan s_period = TimeSpan.FromDays(1);

    private TimeSpan Left => identity.NotAfter - time.GetUtcNow();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var meter = new Meter(MeterName);
        meter.CreateObservableGauge(
            "deconfliction.silo.identity.remaining", () => Left.TotalSeconds, "s", "Until the certificate ends by which other silos know this one.");
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            do
            {
                if (Left is var left && left <= notice)
                {
                    SiloLog.IdentityEnds(log, identity.NotAfter, Math.Max(0, (int)left.TotalDays));
                }
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }
}
