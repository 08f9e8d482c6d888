using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding.Snapshots;

namespace Deconfliction.Domain.Deciding;

/// <summary>
/// The claims of one identifier that have not ended. Nearly all identifiers have one claim or two, so a few are a plain array;
/// above <see cref="Few"/> a <see cref="ClaimIndex"/> takes over, or <see cref="LayeredClaims"/> where there is a snapshot to rest on. Claims
/// past their expiry are in it until their end is decided: who asks filters by <see cref="Claim.IsLive"/>.
/// </summary>
internal sealed class ClaimSet
{
    /// <summary>How many are kept in the array.</summary>
    public const int Few = 16;

    // Apart from Few, so that a set at the border does not go to and fro.
    private const int FewAgain = 8;
    private const int BytesPerClaim = 280;

    private Claim[] _few = [];
    private int _fewCount;
    private IManyClaims? _many;
    private long _fewBytes;

    public int Count => _many?.Count ?? _fewCount;

    public int HeldCount { get; private set; }

    /// <summary>About how many bytes it takes.</summary>
    public long Weight => _many?.Weight ?? _fewBytes;

    /// <summary>How many agencies have a claim that is not SILENT: what a crowd is measured by.</summary>
    public int CountableAgencies
    {
        get
        {
            if (_many is not null)
            {
                return _many.CountableAgencies;
            }

            var count = 0;
            for (var i = 0; i < _fewCount; i++)
            {
                count += _few[i].Disclosure != Disclosure.Silent && IsFirstCountable(i) ? 1 : 0;
            }

            return count;
        }
    }

    public DateTimeOffset? FirstExpiry => _many is null ? First(unannouncedOnly: false) : _many.FirstExpiry;

    public DateTimeOffset? FirstUnannounced => _many is null ? First(unannouncedOnly: true) : _many.FirstUnannounced;

    private ReadOnlySpan<Claim> FewOnes => _few.AsSpan(0, _fewCount);

    /// <summary>About how many bytes a claim takes by itself.</summary>
    public static long WeightOf(Claim claim) =>
        BytesPerClaim + claim.Sealed.Length + (2L * (claim.Case.Length + claim.RequestedBy.Length));

    /// <summary>The claims of a snapshot.</summary>
    public static ClaimSet Of(FrozenClaims claims) => new() { _many = new LayeredClaims(claims), HeldCount = claims.HeldCount };

    /// <summary>All of them as they are now, for another thread.</summary>
    public ClaimCapture Capture(in SnapshotStamp stamp)
    {
        if (_many is not LayeredClaims layered)
        {
            return new ClaimCapture(stamp, frozen: null, [], [.. All()]);
        }

        var (below, gone, above) = layered.Capture();
        return new ClaimCapture(stamp, below, gone, above);
    }

    /// <exception cref="InvalidOperationException">The number, or the key, is there already.</exception>
    public void Add(Claim claim)
    {
        if (Find(claim.Id) is not null || Find(claim.Key) is not null)
        {
            throw new InvalidOperationException($"Claim {claim.Id}, or one with the same key, is there already.");
        }

        if (_many is null && _fewCount == Few)
        {
            _many = new ClaimIndex();
            foreach (var one in FewOnes)
            {
                _many.Add(one);
            }

            _few = [];
            (_fewCount, _fewBytes) = (0, 0);
        }

        if (_many is not null)
        {
            _many.Add(claim);
        }
        else
        {
            if (_fewCount == _few.Length)
            {
                Array.Resize(ref _few, Math.Max(1, _fewCount * 2));
            }

            _few[_fewCount++] = claim;
        }

        Weigh(claim, 1);
    }

    /// <exception cref="InvalidOperationException">It is not there, or what never changes has changed.</exception>
    public void Replace(Claim claim)
    {
        var before = Find(claim.Id) ?? throw Unknown(claim.Id);
        if (before.Key != claim.Key || before.CreatedAt != claim.CreatedAt)
        {
            throw new InvalidOperationException($"A change of claim {claim.Id} touches its owner, case, window, port or creation.");
        }

        if (_many is not null)
        {
            _many.Replace(claim);
        }
        else
        {
            _few[IndexOf(claim.Id)] = claim;
        }

        Weigh(before, -1);
        Weigh(claim, 1);
    }

    /// <exception cref="InvalidOperationException">It is not there.</exception>
    public void Remove(Guid id)
    {
        var claim = Find(id) ?? throw Unknown(id);
        if (_many is null)
        {
            var index = IndexOf(id);
            _few[index] = _few[--_fewCount];
            _few[_fewCount] = null!;
        }
        else
        {
            _many.Remove(id);
            if (_many.Count <= FewAgain)
            {
                _few = [.. _many.All()];
                _fewCount = _few.Length;
                _fewBytes = _few.Sum(WeightOf) + WeightOf(claim); // which is taken off below
                _many = null;
            }
        }

        Weigh(claim, -1);
    }

    public Claim? Find(Guid id)
    {
        if (_many is not null)
        {
            return _many.Find(id);
        }

        var index = IndexOf(id);
        return index < 0 ? null : _few[index];
    }

    public Claim? Find(in ClaimKey key)
    {
        if (_many is not null)
        {
            return _many.Find(key);
        }

        foreach (var claim in FewOnes)
        {
            if (claim.Key == key)
            {
                return claim;
            }
        }

        return null;
    }

    /// <summary>How many claims of an agency are not SILENT.</summary>
    public int CountableOf(AgencyId agency)
    {
        if (_many is not null)
        {
            return _many.CountableOf(agency);
        }

        var count = 0;
        foreach (var claim in FewOnes)
        {
            count += claim.Agency == agency && claim.Disclosure != Disclosure.Silent ? 1 : 0;
        }

        return count;
    }

    /// <summary>The claims of other agencies that a claim of <paramref name="notOf"/> with this window and port meets; in no order.</summary>
    public void CollectMeeting(AgencyId notOf, Window? window, int? port, List<Claim> into)
    {
        if (_many is not null)
        {
            _many.CollectMeeting(notOf, window, port, into);
            return;
        }

        foreach (var claim in FewOnes)
        {
            if (claim.Agency != notOf
                && (window is not { } mine || claim.Window is not { } theirs || mine.Meets(theirs))
                && (port is null || claim.Port is not { } other || other == port))
            {
                into.Add(claim);
            }
        }
    }

    /// <summary>The first claims of an agency, live at <paramref name="liveAt"/>, oldest first, until there are <paramref name="limit"/>.</summary>
    public void CollectOf(AgencyId agency, DateTimeOffset liveAt, int limit, List<Claim> into)
    {
        if (_many is not null)
        {
            _many.CollectOf(agency, liveAt, limit, into);
            return;
        }

        foreach (var claim in FewOnes)
        {
            if (claim.Agency == agency && claim.IsLive(liveAt))
            {
                into.Add(claim);
            }
        }

        into.Sort(ClaimAge.OldestFirst);
        if (into.Count > limit)
        {
            into.RemoveRange(limit, into.Count - limit);
        }
    }

    /// <summary>The oldest claim of each agency that fits; in no order.</summary>
    public void CollectOldestOfEach(Predicate<Claim> that, List<Claim> into)
    {
        if (_many is not null)
        {
            _many.CollectOldestOfEach(that, into);
            return;
        }

        foreach (var claim in FewOnes)
        {
            if (!that(claim))
            {
                continue;
            }

            var known = into.FindIndex(one => one.Agency == claim.Agency);
            if (known < 0)
            {
                into.Add(claim);
            }
            else if (ClaimAge.Compare(claim, into[known]) < 0)
            {
                into[known] = claim;
            }
        }
    }

    /// <summary>The claims whose expiry is at <paramref name="by"/> or before it; in no order.</summary>
    public void CollectExpiringBy(DateTimeOffset by, bool unannouncedOnly, List<Claim> into)
    {
        if (_many is not null)
        {
            _many.CollectExpiringBy(by, unannouncedOnly, into);
            return;
        }

        foreach (var claim in FewOnes)
        {
            if (claim.ExpiresAt <= by && !(unannouncedOnly && claim.ExpiryAnnounced))
            {
                into.Add(claim);
            }
        }
    }

    /// <summary>All of them, in no order.</summary>
    public IEnumerable<Claim> All() => _many?.All() ?? _few.Take(_fewCount);

    private static InvalidOperationException Unknown(Guid id) => new($"There is no live claim {id} on this identifier.");

    private int IndexOf(Guid id)
    {
        for (var i = 0; i < _fewCount; i++)
        {
            if (_few[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }

    private bool IsFirstCountable(int index)
    {
        for (var i = 0; i < index; i++)
        {
            if (_few[i].Disclosure != Disclosure.Silent && _few[i].Agency == _few[index].Agency)
            {
                return false;
            }
        }

        return true;
    }

    private DateTimeOffset? First(bool unannouncedOnly)
    {
        DateTimeOffset? first = null;
        foreach (var claim in FewOnes)
        {
            if (!(unannouncedOnly && claim.ExpiryAnnounced) && !(claim.ExpiresAt >= first))
            {
                first = claim.ExpiresAt;
            }
        }

        return first;
    }

    private void Weigh(Claim claim, int by)
    {
        HeldCount += claim.Held ? by : 0;
        _fewBytes += _many is null ? by * WeightOf(claim) : 0;
    }
}
