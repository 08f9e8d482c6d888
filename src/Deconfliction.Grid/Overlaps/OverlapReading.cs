using Deconfliction.Ledger;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Grid.Overlaps;

/// <summary>Reads the overlaps of a claim, page by page.</summary>
internal static class OverlapReading
{
    /// <summary>Rows read at once.</summary>
    private const int Page = 500;

    // The crowd cap keeps a claim's overlaps to a few hundred; this bounds what many claims of few agencies can make of it.
    private const int MaximumPerClaim = 20_000;

    /// <summary>All that a claim's query finds, whatever its limit.</summary>
    /// <exception cref="GridOverloadedException">There are more than can be read for one answer.</exception>
    public static async Task<List<OverlapRecord>> OfClaimAsync(ILedger ledger, OverlapQuery claim, CancellationToken cancellationToken)
    {
        var all = new List<OverlapRecord>();
        while (true)
        {
            var after = all.Count == 0 ? (Guid?)null : all[^1].View.Overlap.Id;
            var page = await ledger.ListOverlapsAsync(claim with { After = after, Limit = Page }, cancellationToken);
            all.AddRange(page);
            if (page.Count < Page)
            {
                return all;
            }

            if (all.Count >= MaximumPerClaim)
            {
                throw new GridOverloadedException(
                    $"More than {MaximumPerClaim} overlaps of this claim are concerned, too many for one request; nothing was done. "
                    + "List them by pages; disclose the claim overlap by overlap.",
                    TimeSpan.FromMinutes(1));
            }
        }
    }
}
