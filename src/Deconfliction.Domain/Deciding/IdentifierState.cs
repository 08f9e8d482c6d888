using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding.Snapshots;
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

    private HashSet<Guid>? _touched;

    private IdentifierState(long version, ClaimSet claims) => (Version, Claims) = (version, claims);

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

    /// <summary>How many times a claim was made, changed or ended since the snapshot that the state came from or was last written to.</summary>
    public int ChangesSinceSnapshot { get; private set; }

    internal ClaimSet Claims { get; private set; }

    /// <summary>The state of an identifier that nobody ever claimed.</summary>
    public static IdentifierState Empty() => new(0, new ClaimSet());

    /// <summary>The state as one read of the ledger has it.</summary>
    /// <exception cref="InvalidOperationException">Two claims have the same number, or the same key.</exception>
    public static IdentifierState Restore(long version, string? hazard, bool isCrowd, IEnumerable<Claim> live)
    {
        var state = new IdentifierState(version, new ClaimSet()) { Hazard = hazard, IsCrowd = isCrowd };
        foreach (var claim in live)
        {
            state.Claims.Add(claim);
        }

        state.ChangesSinceSnapshot = state.LiveCount;
        return state;
    }

    /// <summary>The state as a snapshot and what the ledger has changed since make it.</summary>
    /// <param name="snapshot">Of a version up to <paramref name="version"/>.</param>
    /// <param name="version">The ledger's version.</param>
    /// <param name="hazard">Hazard reason at that version.</param>
    /// <param name="isCrowd">Whether it is a crowd at that version.</param>
    /// <param name="changed">All claims that were made, changed or ended after the snapshot's version, each as it is now.</param>
    /// <exception cref="InvalidOperationException">They do not fit together: read the ledger whole.</exception>
    public static IdentifierState Resume(
        Snapshot snapshot, long version, string? hazard, bool isCrowd, IReadOnlyCollection<Claim> changed)
    {
        var state = new IdentifierState(version, ClaimSet.Of(snapshot.Claims)) { Hazard = hazard, IsCrowd = isCrowd };
        state.Bring(changed);
        state.ChangesSinceSnapshot = changed.Count;
        return state;
    }

    /// <summary>Takes all live claims down for a snapshot, and starts to count anew.</summary>
    public ClaimCapture Capture(in SnapshotStamp stamp)
    {
        if (stamp.Version != Version)
        {
            throw new ArgumentException($"The state is of version {Version}, the snapshot would be of {stamp.Version}.", nameof(stamp));
        }

        _touched = [];
        ChangesSinceSnapshot = 0;
        return Claims.Capture(stamp);
    }

    /// <summary>
    /// Rests on a snapshot that was written of this very state from now on, which takes less memory. Only on the last one that was captured.
    /// </summary>
    public void RestOn(Snapshot snapshot)
    {
        var touched = _touched ?? throw new InvalidOperationException("No snapshot was taken of this state.");
        var after = Claims;
        _touched = null;
        Claims = ClaimSet.Of(snapshot.Claims);
        Bring([.. touched.Select(id => after.Find(id) ?? Ended(id)).OfType<Claim>()]);

        Claim? Ended(Guid id) => Claims.Find(id) is { } claim ? claim with { EndReason = EndReason.Released } : null;
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
                Touch(made.Claim.Id);
                break;
            case IdentifierEvent.ClaimChanged changed:
                Claims.Replace(changed.Claim);
                Touch(changed.Claim.Id);
                break;
            case IdentifierEvent.ClaimEnded ended:
                Claims.Remove(ended.Claim.Id);
                Touch(ended.Claim.Id);
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

    // Ends first: a claim may have the key of one that ended.
    private void Bring(IReadOnlyCollection<Claim> changed)
    {
        foreach (var claim in changed)
        {
            if (claim.EndReason != EndReason.None && Claims.Find(claim.Id) is not null)
            {
                Claims.Remove(claim.Id);
            }
        }

        foreach (var claim in changed)
        {
            if (claim.EndReason != EndReason.None)
            {
                continue;
            }

            if (Claims.Find(claim.Id) is null)
            {
                Claims.Add(claim);
            }
            else
            {
                Claims.Replace(claim);
            }
        }
    }

    private void Touch(Guid id)
    {
        ChangesSinceSnapshot++;
        _touched?.Add(id);
    }
}
