using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Keys;
using Deconfliction.Gateway.Views;
using Deconfliction.Grid;
using Deconfliction.Protocol.V1;
using Disclosure = Deconfliction.Domain.Claims.Disclosure;
using Handling = Deconfliction.Domain.Claims.Handling;
using Priority = Deconfliction.Domain.Claims.Priority;

namespace Deconfliction.Gateway.Claims;

/// <summary>Changes to a claim. Contact and legal basis are sealed, so they are changed by opening the claim and sealing it anew.</summary>
internal sealed class ClaimChanges(IGrid grid, Sealer sealer, ClaimViews views)
{
    /// <summary>Reads what is to change.</summary>
    public (Priority? Priority, Handling? Handling, Disclosure? Disclosure) Read(UpdateClaimRequest request, Faults faults)
    {
        faults.Optional("contact", request.HasContact ? request.Contact : "", Limits.Contact);
        faults.Optional("legal_basis", request.HasLegalBasis ? request.LegalBasis : "", Limits.LegalBasis);
        Priority? priority = request.HasPriority
            ? ClaimReader.Known("priority", EnumMaps.ToDomain(request.Priority), "LOW, NORMAL, HIGH, URGENT", faults) : null;
        Handling? handling = request.HasHandling
            ? ClaimReader.Known("handling", EnumMaps.ToDomain(request.Handling), "H0 to H3 or TLP_CLEAR to TLP_RED", faults) : null;
        Disclosure? disclosure = null;
        if (request.HasDisclosure)
        {
            // An existing claim has its disclosure; "the server's default" would be a change that nobody named.
            var known = request.Disclosure == Protocol.V1.Disclosure.Unspecified ? null : EnumMaps.ToDomain(request.Disclosure, Disclosure.Open);
            disclosure = ClaimReader.Known("disclosure", known, "OPEN, MASKED, SILENT", faults);
        }

        if (!faults.Any && priority is null && handling is null && disclosure is null && !request.HasContact && !request.HasLegalBasis)
        {
            faults.Add("claim", "NOTHING_TO_CHANGE", "The request names nothing to change.", "Set at least one of contact, priority, disclosure, handling, legal_basis.");
        }

        return (priority, handling, disclosure);
    }

    /// <summary>Asks the grid for the change.</summary>
    /// <exception cref="ProblemException">There is no such claim for the caller.</exception>
    public async Task<Answer> ApplyAsync(
        Guid id,
        UpdateClaimRequest request,
        Priority? priority,
        Handling? handling,
        Disclosure? disclosure,
        RequestContext recorded,
        CancellationToken cancellationToken)
    {
        var revision = Etags.Read(request.Etag);
        ReadOnlyMemory<byte>? box = null;
        if (request.HasContact || request.HasLegalBasis)
        {
            var owned = await grid.GetClaimAsync(id, RequestContexts.Read(recorded.Caller), cancellationToken)
                ?? throw new ProblemException(Problems.NoSuchClaim);
            var content = views.Open(owned.Claim);
            content = content with
            {
                Contact = request.HasContact ? request.Contact : content.Contact,
                LegalBasis = request.HasLegalBasis ? request.LegalBasis : content.LegalBasis,
            };
            box = sealer.Seal(content, owned.Claim.Agency, id);
            // What was sealed holds all of what was read: another change in between must not be undone by it.
            revision ??= owned.Claim.Revision;
        }

        return await grid.UpdateClaimAsync(id, new ClaimChange(revision, priority, handling, disclosure, box), recorded, cancellationToken);
    }
}
