using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Ledger;

namespace Deconfliction.Grid.Snapshots;

/// <summary>
/// Reads the sealed parts that an answer shows and that the state, resting on a snapshot, does not hold. Before the append, which confirms
/// that nothing of the identifier has changed: so what is read is of the version decided on.
/// </summary>
internal static class SealedParts
{
    /// <summary>The decision with them; nothing where one is not in the ledger, and so the state is out of date.</summary>
    public static ValueTask<Decision?> FillAsync(ILedger ledger, Decision decision, CancellationToken cancellationToken)
    {
        var missing = Missing(decision.Answer);
        return missing.Count == 0 ? new(decision) : new(ReadAsync(ledger, decision, missing, cancellationToken));
    }

    private static List<Guid> Missing(Answer answer)
    {
        var missing = new List<Guid>();
        if (answer.Claim is { IsSealedApart: true } claim)
        {
            missing.Add(claim.Id);
        }

        foreach (var pointer in answer.Pointers)
        {
            if (pointer.Other.IsSealedApart)
            {
                missing.Add(pointer.Other.Id);
            }
        }

        return missing;
    }

    private static async Task<Decision?> ReadAsync(
        ILedger ledger, Decision decision, List<Guid> missing, CancellationToken cancellationToken)
    {
        var read = (await ledger.ReadClaimsAsync(missing, cancellationToken)).ToDictionary(owned => owned.Claim.Id, owned => owned.Claim.Sealed);
        if (!missing.TrueForAll(read.ContainsKey))
        {
            return null;
        }

        var answer = decision.Answer;
        return decision with
        {
            Answer = answer with
            {
                Claim = answer.Claim is { } claim ? Fill(claim, read) : null,
                Pointers = [.. answer.Pointers.Select(pointer => pointer with { Other = Fill(pointer.Other, read) })],
            },
        };
    }

    private static Claim Fill(Claim claim, Dictionary<Guid, ReadOnlyMemory<byte>> read) =>
        claim.IsSealedApart ? claim with { Sealed = read[claim.Id], IsSealedApart = false } : claim;
}
