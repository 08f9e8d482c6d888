namespace Deconfliction.Dashboard.Tests.Shared;

/// <summary>Every page, and every panel of each.</summary>
internal static class Places
{
    public static readonly string[] Pages = ["", "nodes", "agencies", "identifiers", "ledger", "operations", "access"];

    public static readonly string[] Streams = ["live/overview", "live/nodes", "live/agencies", "live/identifiers", "live/ledger", "live/operations"];

    public static readonly string[] Panels =
    [
        "verdict", "now", "throughput", "latency", "overlaps", "errors", "calls", "commit", "day", "nodes", "resources", "membership", "agencies", "hot", "held",
        "size", "invariants", "shape", "operations",
    ];
}
