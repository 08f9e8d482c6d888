using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Google.Protobuf.WellKnownTypes;

namespace Deconfliction.ClusterLoadTests.Plain;

/// <summary>The thinnest service that does it: takes the grid's own request, calls the grain, and answers with the claim.</summary>
internal sealed class PlainClaimService(IGrainFactory grains)
{
    private static readonly TimeSpan s_life = TimeSpan.FromDays(180);

    public async Task<CreateClaimResponse> CreateClaim(CreateClaimRequest request, ServerCallContext context)
    {
        var input = request.Claim;
        var now = DateTimeOffset.UtcNow;
        var answer = await grains.GetGrain<IPlainIdentifierGrain>(input.Identifier.Value).ClaimAsync(
            new PlainClaim
            {
                Id = Guid.CreateVersion7(), Agency = "caller", Case = input.CaseReference, RequestedBy = request.RequestedBy,
                Value = input.Identifier.Value, CreatedAt = now, ExpiresAt = now + s_life,
            },
            context.CancellationToken);
        return new CreateClaimResponse
        {
            Claim = new Claim
            {
                Claim_ = answer.Claim.Id.ToString(), CaseReference = answer.Claim.Case,
                CreateTime = answer.Claim.CreatedAt.ToTimestamp(), ExpireTime = answer.Claim.ExpiresAt.ToTimestamp(),
            },
            Duplicate = answer.Claim.CreatedAt != now,
        };
    }
}
