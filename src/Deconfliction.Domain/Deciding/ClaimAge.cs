using Deconfliction.Domain.Claims;

namespace Deconfliction.Domain.Deciding;

/// <summary>Order of claims by age, oldest first. It follows from the claims alone, so a restored state decides like a replayed one.</summary>
internal static class ClaimAge
{
    public static readonly Comparison<Claim> OldestFirst = Compare;

    public static int Compare(Claim left, Claim right)
    {
        var order = left.CreatedAt.CompareTo(right.CreatedAt);
        return order != 0 ? order : left.Id.CompareTo(right.Id);
    }
}
