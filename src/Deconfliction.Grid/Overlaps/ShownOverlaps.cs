using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Grid.Overlaps;

/// <summary>The overlaps of a claim as its owner may see them at the moment they were read.</summary>
/// <param name="Pointers">The first ones, oldest first.</param>
/// <param name="Count">How many there are in all that may be seen; some more than <see cref="TooManyOverlapsException.Most"/> stand for any more.</param>
/// <param name="Disclosures">What showing the first ones discloses.</param>
/// <param name="Read">All that were read: those that may be seen.</param>
internal sealed record ShownOverlaps(
    IReadOnlyList<Pointer> Pointers, int Count, IReadOnlyList<Disclosed> Disclosures, IReadOnlyList<OverlapRecord> Read)
{
    /// <summary>Whether all were read at one version of the identifier.</summary>
    public bool IsOfVersion(long version) => Read.All(one => one.Version == version);

    /// <summary>Reads the overlaps of <paramref name="own"/>, and applies rule 2.</summary>
    public static async Task<ShownOverlaps> OfClaimAsync(
        ILedger ledger, Claim own, bool foundByOwnClaim, int limit, CancellationToken cancellationToken)
    {
        if (!own.Role.IsEntitledToHits())
        {
            return new ShownOverlaps([], Count: 0, [], []);
        }

        var query = new OverlapQuery(own.Agency, After: null, limit, own.Id, FoundByOwnClaim: foundByOwnClaim, OnlySeen: true);
        var read = await OverlapReading.OfClaimAsync(ledger, query, cancellationToken);
        var pointers = new List<Pointer>();
        var count = 0;
        foreach (var one in read)
        {
            if (VisibleOverlaps.See(one.View, own.Agency) is { } visible && count++ < limit)
            {
                pointers.Add(visible.Pointer);
            }
        }

        return new ShownOverlaps(pointers, count, pointers.ConvertAll(shown => VisibleOverlaps.Disclosure(own.Agency, shown)), read);
    }
}
