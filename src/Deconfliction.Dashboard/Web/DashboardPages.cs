using Deconfliction.Dashboard.Panels;
using Deconfliction.Dashboard.Panels.Agencies;
using Deconfliction.Dashboard.Panels.Identifiers;
using Deconfliction.Dashboard.Panels.Nodes;
using Deconfliction.Dashboard.Panels.Operations;
using Deconfliction.Dashboard.Panels.Overview;
using Deconfliction.Dashboard.Panels.Store;

namespace Deconfliction.Dashboard.Web;

/// <summary>One page and where it is.</summary>
internal sealed record DashboardPage(string Id, string Path, bool IsForOperators = false);

/// <summary>The pages, in the order of the navigation.</summary>
internal static class DashboardPages
{
    public static IReadOnlyList<DashboardPage> All { get; } =
    [
        new("overview", "/"), new("nodes", "/nodes"), new("agencies", "/agencies"), new("identifiers", "/identifiers"), new("ledger", "/ledger"),
        new("operations", "/operations"), new("access", "/access", IsForOperators: true),
    ];
}

/// <summary>Which panels are on which page.</summary>
internal sealed class PanelCatalog(
    VerdictPanel verdict, NowPanel now, ThroughputPanel throughput, LatencyPanel latency, OverlapsPanel overlaps, ErrorsPanel errors, CallsPanel calls,
    DayPanel day, CommitPanel commit, NodesPanel nodes, ResourcesPanel resources, MembershipPanel membership, AgenciesPanel agencies, HotPanel hot, HeldPanel held, SizePanel size,
    InvariantsPanel invariants, ShapePanel shape, OperationsPanel operations)
{
    private readonly Dictionary<string, IReadOnlyList<IPanel>> _pages = new(StringComparer.Ordinal)
    {
        ["overview"] = [verdict, now, throughput, latency, overlaps, errors, calls, commit, day],
        ["nodes"] = [nodes, resources, membership],
        ["agencies"] = [agencies],
        ["identifiers"] = [hot, held],
        ["ledger"] = [size, invariants, shape],
        ["operations"] = [operations],
    };

    /// <summary>The panels of a page; nothing where it has none.</summary>
    public IReadOnlyList<IPanel>? Of(string page) => _pages.GetValueOrDefault(page);

    /// <summary>A panel by its id.</summary>
    public IPanel? Find(string id) => _pages.Values.SelectMany(panels => panels).FirstOrDefault(panel => panel.Id == id);
}
