using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Gateway.Budgets;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Keys;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Protocol.V1;
using Claim = Deconfliction.Domain.Claims.Claim;

namespace Deconfliction.Gateway.Claims;

/// <summary>A claim ready for the grid: of what was submitted the tag, the sealed parts, and case and purpose for the record go on from here, and no more.</summary>
internal sealed record PreparedClaim(TagKey Key, Command.MakeClaim Command, RequestContext Request, SealedContent Content);

/// <summary>Turns what was asked into what the grid decides on: validated, canonical, tagged, sealed.</summary>
internal sealed class ClaimMaker(
    ClaimReader reader, RequestContexts contexts, Tagger tagger, Sealer sealer, HazardCatalogue catalogue, AgencyBudgets budgets,
    IIdSource ids, IGrid grid)
{
    /// <summary>Prepares a claim, or says what is wrong with it.</summary>
    public async ValueTask<(PreparedClaim? Prepared, Problem? Problem)> PrepareAsync(
        Caller caller, string requestId, string requestedBy, ClaimInput? input, Lane lane, CancellationToken cancellationToken)
    {
        var faults = new Faults();
        var id = RequestContexts.RequestId("request_id", requestId, faults);
        RequestContexts.RequestedBy(caller.Role, requestedBy, faults);
        if (reader.Claim(input, faults) is not { } asked)
        {
            return (null, faults.Problem);
        }

        if (await budgets.TakeClaimAsync(caller.Agency, cancellationToken) is { } exhausted)
        {
            return (null, exhausted);
        }

        var claimId = ids.Next(grid.Now);
        var content = new SealedContent(
            asked.Identifier, input!.Identifier.Value, input.Contact, input.LegalBasis, input.Purpose, Canonicaliser.RuleVersion);
        var draft = new Claim
        {
            Id = claimId,
            Agency = caller.Agency,
            Role = caller.Role,
            Case = asked.Case,
            RequestedBy = requestedBy,
            Priority = asked.Priority,
            Handling = asked.Handling,
            Disclosure = asked.Disclosure,
            Window = asked.Window,
            Port = asked.Port,
            RuleVersion = Canonicaliser.RuleVersion,
            Sealed = sealer.Seal(content, caller.Agency, claimId),
        };
        var command = new Command.MakeClaim(draft, asked.Lifetime, catalogue.Find(asked.Identifier)?.Reason)
        {
            Kind = asked.Identifier.Kind,
            Purpose = input.Purpose.Length > 0 ? input.Purpose : null,
        };
        return (new PreparedClaim(tagger.Tag(asked.Identifier), command, contexts.Claiming(caller, requestedBy, id, input, lane), content), null);
    }
}
