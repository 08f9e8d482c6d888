using Deconfliction.Domain.Claims;
using Deconfliction.Ledger.Insight;

namespace Deconfliction.Dashboard.Invariants;

/// <summary>
/// Judges a sample of identifiers by the invariants, apart from the code that makes the pairs: two live claims of different agencies
/// that meet make a pair exactly where neither is held. Findings name identifiers by their tag's first digits, and never agencies.
/// </summary>
internal static class InvariantJudge
{
    /// <summary>I2: each such pair is stored exactly once.</summary>
    /// <returns>How many pairs were looked at, and what is wrong with the first bad one; empty where all is well.</returns>
    public static (long Looked, string Finding) Pairs(IEnumerable<SampledIdentifier> sample)
    {
        var looked = 0L;
        foreach (var identifier in sample)
        {
            var stored = identifier.Overlaps.GroupBy(one => Key(one.Overlap.A.ClaimId, one.Overlap.B.ClaimId)).ToDictionary(pair => pair.Key, pair => pair.Count());
            for (var i = 0; i < identifier.Live.Count; i++)
            {
                for (var j = i + 1; j < identifier.Live.Count; j++)
                {
                    var (one, other) = (identifier.Live[i], identifier.Live[j]);
                    if (!MakePair(one, other))
                    {
                        continue;
                    }

                    looked++;
                    var count = stored.GetValueOrDefault(Key(one.Id, other.Id));
                    if (count != 1)
                    {
                        return (looked, $"{identifier.Tag}: {count}");
                    }
                }
            }
        }

        return (looked, "");
    }

    /// <summary>I3: no overlap is within one agency, on another identifier, or of claims that do not meet.</summary>
    public static (long Looked, string Finding) Phantoms(IEnumerable<SampledIdentifier> sample)
    {
        var looked = 0L;
        foreach (var identifier in sample)
        {
            var live = identifier.Live.ToDictionary(claim => claim.Id);
            foreach (var (identifierId, overlap) in identifier.Overlaps)
            {
                looked++;
                var areBothLive = live.TryGetValue(overlap.A.ClaimId, out var a) & live.TryGetValue(overlap.B.ClaimId, out var b);
                if (overlap.A.Agency == overlap.B.Agency || identifierId != identifier.Id || (areBothLive && !MakePair(a!, b!)))
                {
                    return (looked, $"{identifier.Tag}: {overlap.Id}");
                }
            }
        }

        return (looked, "");
    }

    private static bool MakePair(Claim one, Claim other) => one.Agency != other.Agency && !one.Held && !other.Held && one.Meets(other);

    private static (Guid, Guid) Key(Guid one, Guid other) => one.CompareTo(other) < 0 ? (one, other) : (other, one);
}
