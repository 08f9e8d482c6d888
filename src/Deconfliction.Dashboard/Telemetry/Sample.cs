namespace Deconfliction.Dashboard.Telemetry;

/// <summary>What one node measured over a stretch of time.</summary>
/// <param name="At">When the stretch ended.</param>
/// <param name="Length">How long it was.</param>
/// <param name="Histograms">Values by series (<see cref="SeriesNames"/>).</param>
/// <param name="Counts">How often something happened, by series.</param>
/// <param name="Gauges">What stood at a figure when it ended, by series.</param>
public sealed record Sample(
    DateTimeOffset At,
    TimeSpan Length,
    IReadOnlyDictionary<string, HistogramPart> Histograms,
    IReadOnlyDictionary<string, long> Counts,
    IReadOnlyDictionary<string, double> Gauges)
{
    /// <summary>How many values a series has.</summary>
    public long CountOf(string series) => Histograms.TryGetValue(series, out var part) ? part.Count : Counts.GetValueOrDefault(series);

    /// <summary>Several stretches of one node, or one stretch of several nodes, as one.</summary>
    /// <param name="samples">What to add up; at least one.</param>
    /// <param name="at">When it ended.</param>
    /// <param name="length">How long it was: rates are counts by this.</param>
    /// <param name="addGauges">Whether gauges add up (of several nodes) or the last one stands (of several stretches).</param>
    internal static Sample Sum(IReadOnlyList<Sample> samples, DateTimeOffset at, TimeSpan length, bool addGauges)
    {
        var histograms = new Dictionary<string, HistogramPart>(StringComparer.Ordinal);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        var gauges = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var sample in samples)
        {
            foreach (var (series, part) in sample.Histograms)
            {
                histograms[series] = histograms.TryGetValue(series, out var sum) ? sum.Plus(part) : part;
            }

            foreach (var (series, count) in sample.Counts)
            {
                counts[series] = counts.GetValueOrDefault(series) + count;
            }

            foreach (var (series, gauge) in sample.Gauges)
            {
                gauges[series] = addGauges ? gauges.GetValueOrDefault(series) + gauge : gauge;
            }
        }

        return new Sample(at, length, histograms, counts, gauges);
    }
}

/// <summary>The series that pages know.</summary>
internal static class SeriesNames
{
    public const string Claim = "deconfliction.claim.duration";
    public const string Check = "deconfliction.check.duration";
    public const string Detection = "deconfliction.overlap.detection.duration";
    public const string Overlap = "deconfliction.overlap.found";
    public const string Delivery = "deconfliction.alert.delivery.duration";
    public const string Backlog = "deconfliction.alert.backlog";
    public const string Commit = "deconfliction.ledger.commit.duration";
    public const string GroupSize = "deconfliction.ledger.group.size";
    public const string Actors = "deconfliction.actor.active";
    public const string Shed = "deconfliction.shed";
    public const string PoolUsed = "db.client.connection.count";
    public const string PoolMost = "db.client.connection.max";
    public const string PoolWaiting = "db.client.connection.npgsql.pending_requests";
    public const string Rpc = "rpc.server.call.duration";

    // Read from the process, not from a meter.
    public const string Cpu = "process.cpu";
    public const string Memory = "process.memory";
    public const string GcPause = "process.gc.pause";
    public const string ThreadQueue = "process.threadpool.queue";

    /// <summary>The series of one call and the status that it ended with.</summary>
    public static string OfCall(string method, string status) => $"{Rpc}|{method}|{status}";

    /// <summary>Which call and status a series is of.</summary>
    public static (string Method, string Status)? CallOf(string series) =>
        series.Split('|') is [Rpc, var method, var status] ? (method, status) : null;
}
