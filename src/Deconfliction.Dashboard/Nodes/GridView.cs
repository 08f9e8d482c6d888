using Deconfliction.Dashboard.Telemetry;

namespace Deconfliction.Dashboard.Nodes;

/// <summary>All nodes as one: samples of the same stretch of time are added up, so that percentiles are those of all calls.</summary>
public sealed class GridView
{
    private GridView(IReadOnlyList<NodeView> nodes, IReadOnlyList<MembershipChange> changes, DateTimeOffset now)
    {
        Nodes = nodes;
        Changes = changes;
        Now = now;
        Fine = AlignedSamples.Of([.. nodes.Select(node => node.Fine)], Recorder.Period, now);
        Coarse = AlignedSamples.Of([.. nodes.Select(node => node.Coarse)], SampleRing.CoarseLength, now);
    }

    /// <summary>When it was read.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>The nodes.</summary>
    public IReadOnlyList<NodeView> Nodes { get; }

    /// <summary>How nodes came and went, newest first.</summary>
    public IReadOnlyList<MembershipChange> Changes { get; }

    /// <summary>The last quarter of an hour.</summary>
    public IReadOnlyList<Sample> Fine { get; }

    /// <summary>The last day.</summary>
    public IReadOnlyList<Sample> Coarse { get; }

    /// <summary>When the newest sample ended; nothing before the first.</summary>
    public DateTimeOffset? SampledAt => Fine.Count > 0 ? Fine[^1].At : null;

    /// <summary>Reads the nodes.</summary>
    internal static async Task<GridView> ReadAsync(INodeViews views, TimeProvider time, CancellationToken cancellationToken) =>
        new(await views.ReadAsync(cancellationToken), views.Changes, time.GetUtcNow());

    /// <summary>How often a series happened a second, over the last so many fine samples.</summary>
    public double? RateOf(string series, int samples)
    {
        var last = Fine.TakeLast(samples).ToList();
        var seconds = last.Sum(sample => sample.Length.TotalSeconds);
        return seconds > 0 ? last.Sum(sample => sample.CountOf(series)) / seconds : null;
    }

    /// <summary>A series of the last quarter of an hour, in one.</summary>
    internal HistogramSum HistogramOf(string series) => HistogramSum.Of(Fine.Select(sample => sample.Histograms.GetValueOrDefault(series)));

    /// <summary>A gauge now.</summary>
    public double? GaugeOf(string series) => Fine.Count > 0 && Fine[^1].Gauges.TryGetValue(series, out var value) ? value : null;
}
