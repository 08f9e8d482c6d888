using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Telemetry;

namespace Deconfliction.Silo.Panels;

/// <summary>What the pages know of a node, as a message and back. Bounded, whatever the node holds.</summary>
internal static class PanelWire
{
    /// <summary>
    /// Changes when a field gets another meaning, such as the buckets: a silo shows nothing of a report in another format. A field that is
    /// new changes nothing.
    /// </summary>
    public const int Format = 1;

    private const int MostProblems = 50;
    private const int MostAgencies = 1000;
    private const int MostIdentifiers = 40;
    private const int MostOverlaps = 12;

    /// <summary>As a message.</summary>
    public static PanelReport Write(NodeView view, SampleBatch samples, DateTimeOffset? joinedAt, bool withAgencies) => new()
    {
        Format = Format,
        JoinedAt = joinedAt,
        Version = view.Version,
        Problem = view.Problem,
        IsDraining = view.State == NodeState.Draining,
        StartedAt = view.StartedAt,
        Activations = [.. view.Activations.Select(one => new PanelFigure { Series = one.Kind, Value = one.Count })],
        Fine = [.. samples.Fine.Select(Write)],
        Coarse = [.. samples.Coarse.Select(Write)],
        FineUntil = samples.Until.Fine,
        CoarseUntil = samples.Until.Coarse,
        IsMore = samples.IsMore,
        Problems =
        [
            .. view.Problems.OrderByDescending(one => one.Count).Take(MostProblems)
                .Select(one => new PanelProblem { Status = one.Status, Reason = one.Reason, Count = one.Count, LastAt = one.LastAt }),
        ],
        Agencies = withAgencies ? [.. view.Agencies.OrderByDescending(one => one.Calls).Take(MostAgencies).Select(Write)] : [],
        Identifiers =
        [
            .. view.Identifiers.Take(MostIdentifiers)
                .Select(one => new PanelIdentifier { Pseudonym = one.Pseudonym, Kind = one.Kind, Hazard = one.Hazard, Count = one.Count }),
        ],
        Overlaps =
        [
            .. view.Overlaps.Take(MostOverlaps).Select(one => new PanelOverlap
            {
                Id = one.Id, FoundAt = one.FoundAt, Kind = one.Kind, Strength = one.Strength, TimeToFlag = one.TimeToFlag,
            }),
        ],
    };

    /// <summary>The samples of a message.</summary>
    /// <exception cref="FormatException">They cannot be read.</exception>
    public static SampleBatch Samples(PanelReport report) => new(
        [.. report.Fine.Select(Read)], [.. report.Coarse.Select(Read)], new SampleMark(report.FineUntil, report.CoarseUntil), report.IsMore);

    /// <summary>All of a message but samples and agencies, in a view of its silo.</summary>
    public static NodeView Read(PanelReport report, NodeView view) => view with
    {
        Version = report.Version,
        Problem = report.Problem,
        StartedAt = report.StartedAt,
        Activations = [.. report.Activations.Select(one => new ActivationCount(one.Series, (long)one.Value))],
        Problems = [.. report.Problems.Select(one => new ProblemCount(one.Status, one.Reason, one.Count, one.LastAt))],
        Identifiers = [.. report.Identifiers.Select(one => new BusyIdentifier(one.Pseudonym, one.Kind, one.Hazard, one.Count))],
        Overlaps = [.. report.Overlaps.Select(one => new RecentOverlap(one.Id, one.FoundAt, one.Kind, one.Strength, one.TimeToFlag))],
    };

    /// <summary>The agencies of a message.</summary>
    public static IReadOnlyList<AgencyActivity> Agencies(PanelReport report) =>
    [
        .. report.Agencies.Select(one => new AgencyActivity(
            one.Agency, one.Calls, one.Claims, one.Checks, one.Hits, one.OpenStreams, one.LastSeen, one.BudgetUsed)),
    ];

    private static PanelAgency Write(AgencyActivity one) => new()
    {
        Agency = one.Agency,
        Calls = one.Calls,
        Claims = one.Claims,
        Checks = one.Checks,
        Hits = one.Hits,
        OpenStreams = one.OpenStreams,
        LastSeen = one.LastSeen,
        BudgetUsed = one.BudgetUsed,
    };

    private static PanelSample Write(Sample sample) => new()
    {
        At = sample.At,
        Length = sample.Length,
        Histograms =
        [
            .. sample.Histograms.Select(one => new PanelHistogram
            {
                Series = one.Key, Buckets = PackedBuckets.Write(one.Value.Buckets), Sum = one.Value.Sum, Largest = one.Value.Largest,
            }),
        ],
        Counts = [.. sample.Counts.Where(one => one.Value != 0).Select(one => new PanelFigure { Series = one.Key, Value = one.Value })],
        Gauges = [.. sample.Gauges.Select(one => new PanelFigure { Series = one.Key, Value = one.Value })],
    };

    private static Sample Read(PanelSample sample) => new(
        sample.At, sample.Length,
        sample.Histograms.ToDictionary(one => one.Series, one => new HistogramPart(PackedBuckets.Read(one.Buckets), one.Sum, one.Largest), StringComparer.Ordinal),
        sample.Counts.ToDictionary(one => one.Series, one => (long)one.Value, StringComparer.Ordinal),
        sample.Gauges.ToDictionary(one => one.Series, one => one.Value, StringComparer.Ordinal));
}
