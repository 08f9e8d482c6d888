using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Deciding;

/// <summary>
/// What decisions about one identifier rest on: its live claims, and whether it is a hazard or a crowd. Overlaps are not in it: which
/// pairs exist follows from the claims. Two live claims of different agencies that meet make a pair exactly where neither is held.
/// Not thread-safe: the actor takes its turns one at a time.
/// </summary>
public sealed class IdentifierState
{
    private const int BytesOfItself = 160;

    private IdentifierState(long version) => Version = version;

    /// <summary>The ledger's version that this state stands for; 0 when nothing was ever committed.</summary>
    public long Version { get; private set; }

    /// <summary>The hazard reason that the ledger has, or none.</summary>
    public string? Hazard { get; private set; }

    /// <summary>Whether more agencies claim it than the cap, and pairs are held back.</summary>
    public bool IsCrowd { get; private set; }

    /// <summary>How many claims have not been ended. Some may be past their expiry until the next decision.</summary>
    public int LiveCount => Claims.Count;

    /// <summary>The claims that have not been ended, in no order: for a snapshot.</summary>
    public IEnumerable<Claim> LiveClaims => Claims.All();

    /// <summary>Whether a side of an overlap is SILENT, or not live any more: it then counts in totals only.</summary>
    public bool HasSilentSide(Overlap overlap)
    {
        ArgumentNullException.ThrowIfNull(overlap);
        return Claims.Find(overlap.A.ClaimId) is not { Disclosure: not Disclosure.Silent }
            || Claims.Find(overlap.B.ClaimId) is not { Disclosure: not Disclosure.Silent };
    }

    /// <summary>About how many bytes it takes: for eviction.</summary>
    public long Weight => BytesOfItself + Claims.Weight;

    internal ClaimSet Claims { get; } = new();

    /// <summary>The state of an identifier that nobody ever claimed.</summary>
    public static IdentifierState Empty() => new(0);

    /// <summary>The state as one read of the ledger has it.</summary>
    /// <exception cref="InvalidOperationException">Two claims have the same number, or the same key.</exception>
    public static IdentifierState Restore(long version, string? hazard, bool isCrowd, IEnumerable<Claim> live)
    {
        var state = new IdentifierState(version) { Hazard = hazard, IsCrowd = isCrowd };
        foreach (var claim in live)
        {
            state.Claims.Add(claim);
        }

        return state;
    }

    /// <summary>
    /// When a sweep has something to do: the first expiry, or the first notice of one under <paramref name="policy"/>.
    /// </summary>
    public DateTimeOffset? NextDue(Policy policy)
    {
        var expiry = Claims.FirstExpiry;
        var notice = Claims.FirstUnannounced - policy.ExpiryNotice;
        return notice < expiry ? notice : expiry;
    }

    /// <summary>Takes a fact that has been committed.</summary>
    /// <exception cref="InvalidOperationException">The fact does not fit the state: discard the state and load it again.</exception>
    public void Apply(IdentifierEvent fact)
    {
        switch (fact)
        {
            case IdentifierEvent.ClaimMade made:
                Claims.Add(made.Claim);
                break;
            case IdentifierEvent.ClaimChanged changed:
                Claims.Replace(changed.Claim);
                break;
            case IdentifierEvent.ClaimEnded ended:
                Claims.Remove(ended.Claim.Id);
                break;
            case IdentifierEvent.HazardChanged hazard:
                Hazard = hazard.Reason;
                break;
            case IdentifierEvent.CrowdChanged crowd:
                IsCrowd = crowd.IsCrowd;
                break;
            case IdentifierEvent.OverlapFound or IdentifierEvent.OverlapChanged or IdentifierEvent.AlertRaised:
                break;
            default:
                throw new InvalidOperationException($"A fact of the kind {fact.GetType().Name} is not known here.");
        }
    }

    /// <summary>Takes the version under which the facts were committed.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Versions are never reused: it is not above the present one.</exception>
    public void Committed(long version)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(version, Version);
        Version = version;
    }
}
