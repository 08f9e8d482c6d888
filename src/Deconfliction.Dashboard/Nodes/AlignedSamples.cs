using Deconfliction.Dashboard.Telemetry;

namespace Deconfliction.Dashboard.Nodes;

/// <summary>
/// Samples of several nodes as one row. Nodes sample at moments of their own: what ends within the same period belongs together. One
/// node's samples stand as they are.
/// </summary>
internal static class AlignedSamples
{
    /// <summary>All nodes' samples added up, oldest first.</summary>
    public static IReadOnlyList<Sample> Of(IReadOnlyList<IReadOnlyList<Sample>> nodes, TimeSpan period, DateTimeOffset now)
    {
        if (nodes is [var only])
        {
            return only;
        }

        var groups = nodes.SelectMany((samples, node) => samples.Select(sample => (Node: node, Sample: sample)))
            .GroupBy(one => one.Sample.At.UtcTicks / period.Ticks)
            .OrderBy(group => group.Key)
            .Select(group => group.GroupBy(one => one.Node).ToDictionary(node => node.Key, node => Stretch([.. node.Select(one => one.Sample)])))
            .ToList();

        // Where a node's next sample is still to come, the newest sum would look like a dip.
        if (groups is [.., var before, var newest] && before.Keys.Any(node => !newest.ContainsKey(node) && now - before[node].At < 2 * Recorder.Period))
        {
            groups.RemoveAt(groups.Count - 1);
        }

        return
        [
            .. groups.Select(group => Sample.Sum(
                [.. group.Values], group.Values.Max(sample => sample.At), group.Values.Max(sample => sample.Length), addGauges: true)),
        ];
    }

    // A timer that is a little late, then a little early, ends twice within a period: the second is more of the same node, not another.
    private static Sample Stretch(IReadOnlyList<Sample> samples) => samples is [var only]
        ? only
        : Sample.Sum(samples, samples[^1].At, new TimeSpan(samples.Sum(sample => sample.Length.Ticks)), addGauges: false);
}
