using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;

namespace Deconfliction.Domain.Deciding.Snapshots;

/// <summary>
/// A snapshot's claims, and over them those that were made or changed since. A claim is in one of the two only: what changes or ends
/// below is marked as gone there.
/// </summary>
internal sealed class LayeredClaims : IManyClaims
{
    private readonly FrozenClaims _below;
    private readonly ulong[] _gone;
    private readonly ClaimIndex _above = new();
    private readonly int[] _countable;
    private readonly int[] _oldest;
    private int _goneCount;
    private int _expiry;
    private int _unannounced;

    public LayeredClaims(FrozenClaims below)
    {
        _below = below;
        _gone = new ulong[(below.Count + 63) / 64];
        _countable = below.CountableByAgency();
        _oldest = new int[below.Agencies.Length];
        for (var agency = 0; agency < _oldest.Length; agency++)
        {
            _oldest[agency] = below.RowsOf(agency).From;
        }

        PassGone();
    }

    public int Count => _below.Count - _goneCount + _above.Count;

    public int CountableAgencies
    {
        get
        {
            var count = _above.CountableAgencies;
            for (var agency = 0; agency < _countable.Length; agency++)
            {
                count += _countable[agency] > 0 && _above.CountableOf(_below.Agencies[agency]) == 0 ? 1 : 0;
            }

            return count;
        }
    }

    public DateTimeOffset? FirstExpiry => First(_above.FirstExpiry, _expiry);

    public DateTimeOffset? FirstUnannounced => First(_above.FirstUnannounced, _unannounced);

    public long Weight => _below.Bytes.Length + _below.IndexBytes + (_gone.Length * 8L) + (_countable.Length * 8L) + _above.Weight;

    public (FrozenClaims Below, ulong[] Gone, Claim[] Above) Capture() => (_below, [.. _gone], [.. _above.All()]);

    public void Add(Claim claim) => _above.Add(claim);

    public void Replace(Claim claim)
    {
        if (_above.Find(claim.Id) is not null)
        {
            _above.Replace(claim);
            return;
        }

        Pass(_below.Find(claim.Id));
        _above.Add(claim);
    }

    public void Remove(Guid id)
    {
        if (_above.Find(id) is not null)
        {
            _above.Remove(id);
        }
        else
        {
            Pass(_below.Find(id));
        }
    }

    public Claim? Find(Guid id) => _above.Find(id) ?? Below(_below.Find(id));

    public Claim? Find(in ClaimKey key) => _above.Find(key) ?? Below(_below.Find(key));

    public int CountableOf(AgencyId agency) =>
        _above.CountableOf(agency) + (_below.AgencyAt(agency) is >= 0 and var at ? _countable[at] : 0);

    public void CollectMeeting(AgencyId notOf, Window? window, int? port, List<Claim> into)
    {
        _above.CollectMeeting(notOf, window, port, into);
        var start = window?.Earliest.UtcTicks ?? long.MinValue;
        var end = window?.Latest.UtcTicks ?? long.MaxValue;
        for (var agency = 0; agency < _below.Agencies.Length; agency++)
        {
            if (_below.Agencies[agency] != notOf)
            {
                _below.CollectMeeting(agency, start, end, port, _gone, into);
            }
        }
    }

    public void CollectOf(AgencyId agency, DateTimeOffset liveAt, int limit, List<Claim> into)
    {
        _above.CollectOf(agency, liveAt, limit, into);
        if (_below.AgencyAt(agency) is not (>= 0 and var at))
        {
            return;
        }

        var (place, to, found) = (_oldest[at], _below.RowsOf(at).To, 0);
        for (; place < to && found < limit; place++)
        {
            var row = _below.RowByAge(place);
            if (!FrozenClaims.IsGone(_gone, row) && _below.ExpiresAt(row) > liveAt)
            {
                into.Add(_below.Claim(row));
                found++;
            }
        }

        into.Sort(ClaimAge.OldestFirst);
        if (into.Count > limit)
        {
            into.RemoveRange(limit, into.Count - limit);
        }
    }

    public void CollectOldestOfEach(Predicate<Claim> that, List<Claim> into)
    {
        var oldest = new Dictionary<AgencyId, Claim>();
        var above = new List<Claim>();
        _above.CollectOldestOfEach(that, above);
        foreach (var claim in above)
        {
            oldest.Add(claim.Agency, claim);
        }

        for (var agency = 0; agency < _oldest.Length; agency++)
        {
            if (OldestBelow(agency, that) is { } claim
                && !(oldest.TryGetValue(claim.Agency, out var other) && ClaimAge.Compare(other, claim) < 0))
            {
                oldest[claim.Agency] = claim;
            }
        }

        into.AddRange(oldest.Values);
    }

    public void CollectExpiringBy(DateTimeOffset by, bool unannouncedOnly, List<Claim> into)
    {
        _above.CollectExpiringBy(by, unannouncedOnly, into);
        foreach (var row in _below.ByExpiry[(unannouncedOnly ? _unannounced : _expiry)..])
        {
            if (_below.ExpiresAt(row) > by)
            {
                return;
            }

            if (!FrozenClaims.IsGone(_gone, row) && !(unannouncedOnly && _below.IsAnnounced(row)))
            {
                into.Add(_below.Claim(row));
            }
        }
    }

    public IEnumerable<Claim> All()
    {
        for (var row = 0; row < _below.Count; row++)
        {
            if (!FrozenClaims.IsGone(_gone, row))
            {
                yield return _below.Claim(row);
            }
        }

        foreach (var claim in _above.All())
        {
            yield return claim;
        }
    }

    private Claim? Below(int row) => row < 0 || FrozenClaims.IsGone(_gone, row) ? null : _below.Claim(row);

    private Claim? OldestBelow(int agency, Predicate<Claim> that)
    {
        for (var (place, to) = (_oldest[agency], _below.RowsOf(agency).To); place < to; place++)
        {
            var row = _below.RowByAge(place);
            if (!FrozenClaims.IsGone(_gone, row) && _below.Claim(row) is var claim && that(claim))
            {
                return claim;
            }
        }

        return null;
    }

    private DateTimeOffset? First(DateTimeOffset? above, int place)
    {
        DateTimeOffset? below = place < _below.Count ? _below.ExpiresAt(_below.ByExpiry[place]) : null;
        return above is null || below < above ? below ?? above : above;
    }

    private void Pass(int row)
    {
        if (row < 0 || FrozenClaims.IsGone(_gone, row))
        {
            throw new InvalidOperationException("A claim that is to be changed is not there.");
        }

        _gone[row >> 6] |= 1UL << (row & 63);
        _goneCount++;
        var agency = _below.AgencyOf(row);
        _countable[agency] -= _below.IsSilent(row) ? 0 : 1;
        for (var to = _below.RowsOf(agency).To; _oldest[agency] < to && FrozenClaims.IsGone(_gone, _below.RowByAge(_oldest[agency]));)
        {
            _oldest[agency]++;
        }

        PassGone();
    }

    // The first of each order are always there: what is gone does not come back, so all the steps together are one a claim.
    private void PassGone()
    {
        var order = _below.ByExpiry;
        while (_expiry < order.Length && FrozenClaims.IsGone(_gone, order[_expiry]))
        {
            _expiry++;
        }

        while (_unannounced < order.Length
            && (FrozenClaims.IsGone(_gone, order[_unannounced]) || _below.IsAnnounced(order[_unannounced])))
        {
            _unannounced++;
        }
    }
}
