using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Entry = Deconfliction.Domain.Deciding.WindowTree.Entry;

namespace Deconfliction.Domain.Deciding;

/// <summary>Many claims of one identifier, so that each question of a decision costs about the logarithm of their number.</summary>
internal sealed class ClaimIndex : IManyClaims
{
    private static readonly Comparer<Entry> ByAge = Comparer<Entry>.Create((left, right) => ClaimAge.Compare(left.Claim, right.Claim));

    private const int BytesPerEntry = 480;

    private readonly Dictionary<Guid, Entry> _byId = [];
    private readonly Dictionary<ClaimKey, Entry> _byKey = [];
    private readonly Dictionary<AgencyId, Owner> _owners = [];
    private readonly SortedSet<(DateTimeOffset ExpiresAt, Guid Id)> _expiries = [];
    private readonly SortedSet<(DateTimeOffset ExpiresAt, Guid Id)> _unannounced = [];
    private long _claimBytes;

    /// <summary>The claims of one agency.</summary>
    private sealed class Owner
    {
        public SortedSet<Entry> Claims { get; } = new(ByAge);

        public WindowTree Windows { get; } = new();

        /// <summary>How many of them are not SILENT.</summary>
        public int Countable { get; set; }
    }

    public int Count => _byId.Count;

    public int CountableAgencies { get; private set; }

    public long Weight => _claimBytes + ((long)BytesPerEntry * _byId.Count);

    public DateTimeOffset? FirstExpiry => _expiries.Count == 0 ? null : _expiries.Min.ExpiresAt;

    public DateTimeOffset? FirstUnannounced => _unannounced.Count == 0 ? null : _unannounced.Min.ExpiresAt;

    public void Add(Claim claim)
    {
        var entry = new Entry(claim);
        _byId.Add(claim.Id, entry);
        _byKey.Add(claim.Key, entry);
        if (!_owners.TryGetValue(claim.Agency, out var owner))
        {
            _owners.Add(claim.Agency, owner = new Owner());
        }

        owner.Claims.Add(entry);
        owner.Windows.Add(entry);
        Note(claim, owner, 1);
    }

    public void Replace(Claim claim)
    {
        var entry = _byId[claim.Id];
        var before = entry.Claim;
        var owner = _owners[before.Agency];
        Note(before, owner, -1);
        entry.Claim = claim;
        Note(claim, owner, 1);
    }

    public void Remove(Guid id)
    {
        _byId.Remove(id, out var entry);
        var claim = entry!.Claim;
        _byKey.Remove(claim.Key);
        var owner = _owners[claim.Agency];
        Note(claim, owner, -1);
        owner.Claims.Remove(entry);
        owner.Windows.Remove(entry);
        if (owner.Claims.Count == 0)
        {
            _owners.Remove(claim.Agency);
        }
    }

    public Claim? Find(Guid id) => _byId.TryGetValue(id, out var entry) ? entry.Claim : null;

    public Claim? Find(in ClaimKey key) => _byKey.TryGetValue(key, out var entry) ? entry.Claim : null;

    public int CountableOf(AgencyId agency) => _owners.TryGetValue(agency, out var owner) ? owner.Countable : 0;

    public void CollectMeeting(AgencyId notOf, Window? window, int? port, List<Claim> into)
    {
        foreach (var (agency, owner) in _owners)
        {
            if (agency != notOf)
            {
                owner.Windows.CollectMeeting(window, port, into);
            }
        }
    }

    public void CollectOf(AgencyId agency, DateTimeOffset liveAt, int limit, List<Claim> into)
    {
        if (!_owners.TryGetValue(agency, out var owner))
        {
            return;
        }

        foreach (var entry in owner.Claims)
        {
            if (into.Count >= limit)
            {
                return;
            }

            if (entry.Claim.IsLive(liveAt))
            {
                into.Add(entry.Claim);
            }
        }
    }

    public void CollectOldestOfEach(Predicate<Claim> that, List<Claim> into)
    {
        foreach (var owner in _owners.Values)
        {
            foreach (var entry in owner.Claims)
            {
                if (that(entry.Claim))
                {
                    into.Add(entry.Claim);
                    break;
                }
            }
        }
    }

    public void CollectExpiringBy(DateTimeOffset by, bool unannouncedOnly, List<Claim> into)
    {
        foreach (var (expiresAt, id) in unannouncedOnly ? _unannounced : _expiries)
        {
            if (expiresAt > by)
            {
                return;
            }

            into.Add(_byId[id].Claim);
        }
    }

    public IEnumerable<Claim> All() => _byId.Values.Select(entry => entry.Claim);

    private void Note(Claim claim, Owner owner, int by)
    {
        if (claim.Disclosure != Disclosure.Silent)
        {
            CountableAgencies -= owner.Countable > 0 ? 1 : 0;
            owner.Countable += by;
            CountableAgencies += owner.Countable > 0 ? 1 : 0;
        }

        _claimBytes += by * ClaimSet.WeightOf(claim);
        Note(_expiries, claim, by);
        if (!claim.ExpiryAnnounced)
        {
            Note(_unannounced, claim, by);
        }
    }

    private static void Note(SortedSet<(DateTimeOffset ExpiresAt, Guid Id)> set, Claim claim, int by)
    {
        var changed = by > 0 ? set.Add((claim.ExpiresAt, claim.Id)) : set.Remove((claim.ExpiresAt, claim.Id));
        if (!changed)
        {
            throw new InvalidOperationException($"The expiry of claim {claim.Id} is out of step with the claim.");
        }
    }
}
