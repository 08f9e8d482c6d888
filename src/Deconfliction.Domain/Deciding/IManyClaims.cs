using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;

namespace Deconfliction.Domain.Deciding;

/// <summary>Many claims of one identifier. What each member means is said at <see cref="ClaimSet"/>, which checks before it changes.</summary>
internal interface IManyClaims
{
    int Count { get; }

    int CountableAgencies { get; }

    DateTimeOffset? FirstExpiry { get; }

    DateTimeOffset? FirstUnannounced { get; }

    /// <summary>About how many bytes they and their indexes take.</summary>
    long Weight { get; }

    void Add(Claim claim);

    void Replace(Claim claim);

    void Remove(Guid id);

    Claim? Find(Guid id);

    Claim? Find(in ClaimKey key);

    int CountableOf(AgencyId agency);

    void CollectMeeting(AgencyId notOf, Window? window, int? port, List<Claim> into);

    void CollectOf(AgencyId agency, DateTimeOffset liveAt, int limit, List<Claim> into);

    void CollectOldestOfEach(Predicate<Claim> that, List<Claim> into);

    void CollectExpiringBy(DateTimeOffset by, bool unannouncedOnly, List<Claim> into);

    IEnumerable<Claim> All();
}
