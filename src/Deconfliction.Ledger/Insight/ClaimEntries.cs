using Deconfliction.Domain.Claims;

namespace Deconfliction.Ledger.Insight;

/// <summary>Looks for the audit entry of a claim along the time: near the claim's own first, further off only where it is not there.</summary>
internal static class ClaimEntries
{
    private static readonly TimeSpan s_before = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan[] s_after = [TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(2)];

    /// <summary>How many of the entries of a stretch of time name the claim.</summary>
    /// <param name="claim">The claim.</param>
    /// <param name="read">Reads the subjects of such entries, from and until.</param>
    public static async Task<int> CountAsync(
        Claim claim, Func<DateTimeOffset, DateTimeOffset, Task<IReadOnlyList<IReadOnlyList<Guid>>>> read)
    {
        foreach (var after in s_after)
        {
            var subjects = await read(claim.CreatedAt - s_before, claim.CreatedAt + after);
            var count = subjects.Count(ids => ids.Count > 0 && ids[0] == claim.Id);
            if (count > 0)
            {
                return count;
            }
        }

        return 0;
    }
}
