using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Deconfliction.Rpc.Server;

/// <summary>
/// How long calls take, by method and status name, as OpenTelemetry's conventions for RPC name it. Methods are those that are served;
/// what a client invents is counted under one name, so the number of series is bounded.
/// </summary>
internal sealed class RpcMeters : IDisposable
{
    private const string Other = "_OTHER";
    private static readonly object s_system = "grpc";
    private readonly Meter _meter = new(RpcTelemetry.MeterName);
    private readonly Histogram<double> _duration;

    public RpcMeters() => _duration = _meter.CreateHistogram(
        "rpc.server.call.duration", "s", "From a call's headers to its status; a stream's whole life.", tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = RpcTelemetry.DurationBounds });

    /// <summary>A method's name as it is measured by: <c>package.Service/Method</c>.</summary>
    public static string NameOf(string path) => path.TrimStart('/');

    public void Ended(string? method, StatusCode status, TimeSpan duration)
    {
        if (!_duration.Enabled)
        {
            return;
        }

        var tags = new TagList
        {
            { "rpc.system.name", s_system },
            { "rpc.method", method ?? Other },
            { "rpc.response.status_code", StatusCodeNames.Of((int)status) },
        };
        _duration.Record(duration.TotalSeconds, tags);
    }

    public void Dispose() => _meter.Dispose();
}
