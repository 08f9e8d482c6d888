using Deconfliction.Dashboard.Invariants;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Panels;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Ledger;

namespace Deconfliction.Dashboard.Verdicts;

/// <summary>
/// How the grid is. Pure: the worst of what is known, most urgent first. The key names sentence, cause and remedy in the language files.
/// </summary>
internal sealed record Verdict(Tone Tone, string Key, IReadOnlyList<object> Values)
{
    /// <summary>More alerts than this without a place in a feed are a backlog.</summary>
    public const double LongBacklog = 1000;

    private static readonly TimeSpan s_newlyDead = TimeSpan.FromMinutes(15);

    private const int Minute = 12;
    private const int FewClaims = 20;
    private const double SlowSeconds = 0.25;
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>The verdict on what is known.</summary>
    public static Verdict Of(GridView grid, LedgerHealth ledger, InvariantReport? invariants) =>
        Broken(invariants) ?? Unreachable(ledger) ?? OfNodes(grid) ?? OfWork(grid) ?? OfLongDead(grid) ?? OfOtherVersion(grid) ?? new Verdict(Tone.Good, "well", []);

    private static Verdict? Broken(InvariantReport? invariants) => invariants is { Holds: false }
        ? new Verdict(Tone.Bad, "invariant", [string.Join(", ", invariants.Results.Where(result => !result.Holds).Select(result => result.Invariant)), invariants.At])
        : null;

    private static Verdict? Unreachable(LedgerHealth ledger) =>
        ledger.IsReachable ? null : new Verdict(Tone.Bad, "database", [ledger.LastSuccess]);

    private static Verdict? OfNodes(GridView grid)
    {
        if (grid.Nodes.FirstOrDefault(node => node.State == NodeState.Dead && grid.Now - node.LastHeartbeat < s_newlyDead) is { } dead)
        {
            return new Verdict(Tone.Bad, "dead", [dead.Name, dead.LastHeartbeat]);
        }

        if (grid.Nodes.FirstOrDefault(node => node.State == NodeState.Silent) is { } silent)
        {
            return new Verdict(Tone.Bad, "silent", [silent.Name, silent.LastHeartbeat]);
        }

        if (!grid.Nodes.Any(node => node.State is NodeState.Active or NodeState.OtherVersion))
        {
            return grid.Nodes.Any(node => node.State == NodeState.Draining)
                ? new Verdict(Tone.Bad, "draining.all", [])
                : new Verdict(Tone.Bad, "notready", [grid.Nodes.FirstOrDefault()?.Name ?? "–"]);
        }

        return grid.Nodes.FirstOrDefault(node => node.State is NodeState.NotReady or NodeState.Draining) is { } other
            ? new Verdict(Tone.Warn, other.State == NodeState.Draining ? "draining" : "notready", [other.Name])
            : null;
    }

    // It works, but what is shown is not all that there is.
    private static Verdict? OfOtherVersion(GridView grid) => grid.Nodes.FirstOrDefault(node => node.State == NodeState.OtherVersion) is { } other
        ? new Verdict(Tone.Warn, "version", [other.Name, other.Version.Length > 0 ? other.Version : "–"])
        : null;

    // The others do its work since; what else is wrong now comes first.
    private static Verdict? OfLongDead(GridView grid) => grid.Nodes.FirstOrDefault(node => node.State == NodeState.Dead) is { } dead
        ? new Verdict(Tone.Warn, "dead", [dead.Name, dead.LastHeartbeat])
        : null;

    private static Verdict? OfWork(GridView grid)
    {
        var minute = grid.Fine.TakeLast(Minute).ToList();
        var shed = minute.Sum(sample => sample.CountOf(SeriesNames.Shed));
        if (shed > 0)
        {
            return new Verdict(Tone.Warn, "shed", [shed]);
        }

        if (grid.GaugeOf(SeriesNames.Backlog) is > LongBacklog and var backlog)
        {
            return new Verdict(Tone.Warn, "backlog", [(long)backlog]);
        }

        // Claims that somebody waits for: an import's wait for their turn by design.
        var claims = HistogramSum.Of(minute.SelectMany(sample => sample.Histograms)
            .Where(series => SeriesNames.CallOf(series.Key)?.Method.EndsWith("/CreateClaim", StringComparison.Ordinal) == true)
            .Select(series => series.Value));
        return claims.Count >= FewClaims && claims.Quantile(0.99) / NanosecondsPerSecond is > SlowSeconds and var slow
            ? new Verdict(Tone.Warn, "slow", [slow])
            : null;
    }
}
