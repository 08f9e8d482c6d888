using System.Diagnostics;
using Deconfliction.Ledger.Appending;

namespace Deconfliction.Ledger.Grouping;

/// <summary>
/// Spans of appends. A group belongs to many traces: each item has a span of its own from the queue to the answer, and within it one of
/// the transaction that it shared, with the group's size. Nothing is made, and nothing allocated, while nobody listens.
/// </summary>
internal static class LedgerTracing
{
    private static readonly ActivitySource s_source = new(LedgerTelemetry.SourceName);

    /// <summary>The span of an item; nothing while nobody samples it.</summary>
    public static Activity? StartAppend() =>
        s_source.HasListeners() ? s_source.StartActivity("deconfliction.ledger.append") : null;

    /// <summary>Adds the transaction that ends now to the spans of its items.</summary>
    public static void Committed(IReadOnlyList<GroupItem> group, DateTimeOffset began)
    {
        if (!s_source.HasListeners())
        {
            return;
        }

        foreach (var item in group)
        {
            if (item.Span is { } span)
            {
                using var commit = s_source.StartActivity(
                    "deconfliction.ledger.commit", ActivityKind.Internal, span.Context,
                    [new("deconfliction.ledger.group.size", group.Count)], links: null, began);
            }
        }
    }
}
