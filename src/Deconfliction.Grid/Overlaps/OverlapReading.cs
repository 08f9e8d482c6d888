using Deconfliction.Ledger;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Grid.Overlaps;

/// <summary>Reads the overlaps of a claim, page by page.</summary>
internal static class OverlapReading
{
    /// <summary>Rows read at once.</summary>
    private const int Page = 500;

    /// <summary>
    /// What a claim's query finds, whatever its limit: all, or, where there are more than <see cref="TooManyOverlapsException.Most"/>, some
    /// more than that. The crowd cap keeps a claim's overlaps to a few hundred; this bounds what many claims of few agencies can make of it.
    /// </summary>
    public static async Task<List<OverlapRecord>> OfClaimAsync(ILedger ledger, OverlapQuery claim, CancellationToken cancellationToken)
    {
        var all = new List<OverlapRecord>();
        IReadOnlyList<OverlapRecord> page;
        do
        {
            var after = all.Count == 0 ? (Guid?)null : all[^1].View.Overlap.Id;
            page = await ledger.ListOverlapsAsync(claim with { After = after, Limit = Page }, cancellationToken);
            all.AddRange(page);
        }
        while (page.Count == Page && all.Count <= TooManyOverlapsException.Most);

        return all;
    }
}
