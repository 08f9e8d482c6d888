using Orleans.Runtime;

namespace Deconfliction.ClusterLoadTests.Plain;

/// <summary>The plain way: a grain an identifier.</summary>
[Alias("plain.identifier-grain")]
public interface IPlainIdentifierGrain : IGrainWithStringKey
{
    /// <summary>Claims the identifier, and saves.</summary>
    [Alias("claim")]
    Task<PlainAnswer> ClaimAsync(PlainClaim claim, CancellationToken cancellationToken);
}

/// <summary>
/// What a team would write that has Orleans and nothing else: the claims are the grain's state, and the state is written whole before the
/// answer. No audit entries, no alerts to the other side, no request ids, nothing sealed, and one turn at a time.
/// </summary>
internal sealed class PlainIdentifierGrain(
    [PersistentState("claims", PlainIdentifierGrain.Storage)] IPersistentState<PlainIdentifier> identifier) : Grain, IPlainIdentifierGrain
{
    /// <summary>Name of its storage.</summary>
    public const string Storage = "plain";

    public async Task<PlainAnswer> ClaimAsync(PlainClaim claim, CancellationToken cancellationToken)
    {
        var claims = identifier.State.Claims;
        if (claims.Find(one => one.Agency == claim.Agency && one.Case == claim.Case) is { } same)
        {
            return new PlainAnswer(same, []);
        }

        List<PlainClaim> met = [.. claims.Where(one => one.Agency != claim.Agency && one.ExpiresAt > claim.CreatedAt)];
        claims.Add(claim);
        await identifier.WriteStateAsync(cancellationToken);
        return new PlainAnswer(claim, met);
    }
}
