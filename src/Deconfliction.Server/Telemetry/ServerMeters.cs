using System.Diagnostics.Metrics;

namespace Deconfliction.Server.Telemetry;

/// <summary>What only the process as a whole can say of itself.</summary>
internal sealed class ServerMeters : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Deconfliction.Server";

    private readonly Meter _meter = new(MeterName);

    /// <summary>Makes the gauge.</summary>
    /// <param name="isReady">Whether <c>/health/ready</c> would answer 200 now.</param>
    public ServerMeters(Func<bool> isReady) =>
        _meter.CreateObservableGauge("deconfliction.server.ready", () => isReady() ? 1 : 0, unit: null, "1 where the process takes work, 0 where it does not.");

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
