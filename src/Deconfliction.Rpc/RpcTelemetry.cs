namespace Deconfliction.Rpc;

/// <summary>What exporters need to know of the transport's measurements.</summary>
public static class RpcTelemetry
{
    /// <summary>Name of the meter with <c>rpc.server.call.duration</c>.</summary>
    public const string MeterName = "Deconfliction.Rpc";

    /// <summary>Bucket bounds of durations, in seconds: from a lone check's fraction of a millisecond to the cap of a deadline.</summary>
    public static IReadOnlyList<double> DurationBounds { get; } =
        [0.00025, 0.0005, 0.001, 0.002, 0.004, 0.008, 0.015, 0.03, 0.06, 0.125, 0.25, 0.5, 1, 2, 5, 10, 30];
}
