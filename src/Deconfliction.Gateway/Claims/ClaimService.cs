using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Keys;
using Deconfliction.Gateway.Paging;
using Deconfliction.Gateway.Views;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Claims;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Claim = Deconfliction.Domain.Claims.Claim;

namespace Deconfliction.Gateway.Claims;

/// <summary>deconfliction.v1.ClaimService: claims of the calling agency.</summary>
internal sealed class ClaimService(
    IGrid grid,
    IGatewayStore store,
    ClaimMaker maker,
    ClaimAnswers answers,
    ClaimChanges changes,
    ClaimImport import,
    ClaimReader reader,
    ClaimViews views,
    RequestContexts contexts,
    PageTokens tokens,
    GatewayOptions options)
{
    public async Task<CreateClaimResponse> CreateClaim(CreateClaimRequest request, ServerCallContext context)
    {
        var caller = RequestContexts.CallerOf(context);
        var (prepared, problem) = await maker.PrepareAsync(
            caller, request.RequestId, request.RequestedBy, request.Claim, Lane.Interactive, context.CancellationToken);
        if (prepared is null)
        {
            throw new ProblemException(problem!);
        }

        var answer = await grid.MakeClaimAsync(prepared.Key, prepared.Command, prepared.Request, context.CancellationToken);
        return answers.Whole(prepared, answer);
    }

    public async Task<GetClaimResponse> GetClaim(GetClaimRequest request, ServerCallContext context)
    {
        var faults = new Faults();
        var id = RequestContexts.ObjectId("claim", request.Claim, faults);
        faults.ThrowIfAny();
        var read = RequestContexts.Read(RequestContexts.CallerOf(context));
        var owned = await grid.GetClaimAsync(id, read, context.CancellationToken) ?? throw new ProblemException(Problems.NoSuchClaim);
        return new GetClaimResponse { Claim = View(owned) };
    }

    public async Task<ListClaimsResponse> ListClaims(ListClaimsRequest request, ServerCallContext context)
    {
        var caller = RequestContexts.CallerOf(context);
        var faults = new Faults();
        var size = Pages.Size(request.PageSize, faults);
        faults.Optional("case_reference", request.CaseReference, Limits.CaseReference);
        var kind = ReadKind(request.Kind, faults);
        var state = ReadState(request.State, faults);
        faults.ThrowIfAny();
        var filter = new ListClaimsRequest { CaseReference = request.CaseReference, Kind = request.Kind, State = request.State };
        var after = Pages.After(tokens, request.PageToken, caller.Agency, PageMethods.ListClaims, filter);
        var (page, next) = await Pages.ReadAsync(
            place => grid.ListClaimsAsync(
                new ClaimQuery(caller.Agency, place, size, request.CaseReference.Length > 0 ? request.CaseReference : null, state),
                RequestContexts.Read(caller),
                context.CancellationToken),
            owned => owned.Claim.Id,
            kind is { } wanted ? owned => views.Open(owned.Claim).Identifier.Kind == wanted : null,
            after,
            size);
        var response = new ListClaimsResponse();
        var room = new MessageRoom();
        foreach (var owned in page)
        {
            var view = View(owned);
            if (!room.Take(view))
            {
                next = page[response.Claims.Count - 1].Claim.Id;
                break;
            }

            response.Claims.Add(view);
        }

        response.NextPageToken = next is { } last ? tokens.Make(caller.Agency, PageMethods.ListClaims, filter, last.ToByteArray(bigEndian: true)) : "";
        return response;
    }

    public async Task<UpdateClaimResponse> UpdateClaim(UpdateClaimRequest request, ServerCallContext context)
    {
        var faults = new Faults();
        var id = RequestContexts.ObjectId("claim", request.Claim, faults);
        var (priority, handling, disclosure) = changes.Read(request, faults);
        var recorded = contexts.Recorded(RequestContexts.CallerOf(context), request, faults);
        faults.ThrowIfAny();
        var answer = await changes.ApplyAsync(id, request, priority, handling, disclosure, recorded, context.CancellationToken);
        return new UpdateClaimResponse { Claim = View(Changed(answer)) };
    }

    public async Task<RenewClaimResponse> RenewClaim(RenewClaimRequest request, ServerCallContext context)
    {
        var faults = new Faults();
        var id = RequestContexts.ObjectId("claim", request.Claim, faults);
        var lifetime = reader.Lifetime("lifetime", request.Lifetime, faults);
        var recorded = contexts.Recorded(RequestContexts.CallerOf(context), request, faults);
        faults.ThrowIfAny();
        await RequireEtagAsync(id, request.Etag, recorded, context.CancellationToken);
        var answer = await grid.RenewClaimAsync(id, lifetime, recorded, context.CancellationToken);
        return new RenewClaimResponse { Claim = View(Changed(answer)) };
    }

    public async Task<ReleaseClaimResponse> ReleaseClaim(ReleaseClaimRequest request, ServerCallContext context)
    {
        var faults = new Faults();
        var id = RequestContexts.ObjectId("claim", request.Claim, faults);
        var recorded = contexts.Recorded(RequestContexts.CallerOf(context), request, faults);
        faults.ThrowIfAny();
        await RequireEtagAsync(id, request.Etag, recorded, context.CancellationToken);
        var answer = await grid.ReleaseClaimAsync(id, recorded, context.CancellationToken);
        // What was to be reached is so already where it has ended before.
        var ended = answer is { Status: AnswerStatus.Ended, Claim: { } before } ? before : Changed(answer);
        return new ReleaseClaimResponse { Claim = View(ended) };
    }

    public async Task<ReleaseCaseResponse> ReleaseCase(ReleaseCaseRequest request, ServerCallContext context)
    {
        var faults = new Faults();
        faults.Required("case_reference", request.CaseReference, Limits.CaseReference, "The case reference");
        var recorded = contexts.Recorded(RequestContexts.CallerOf(context), request, faults);
        faults.ThrowIfAny();
        return new ReleaseCaseResponse
        {
            ReleasedCount = await grid.ReleaseCaseAsync(request.CaseReference, recorded, context.CancellationToken),
        };
    }

    public Task ImportClaims(
        IAsyncStreamReader<ImportClaimsRequest> requests, IServerStreamWriter<ImportClaimsResponse> responses, ServerCallContext context) =>
        import.RunAsync(requests, responses, RequestContexts.CallerOf(context), context.CancellationToken);

    // The grid has no etag for these two, so it is compared before: enough to warn a reader of an old copy, and a repeated request
    // is let through to the answer that it was given.
    private async Task RequireEtagAsync(Guid id, string etag, RequestContext request, CancellationToken cancellationToken)
    {
        if (Etags.Read(etag) is not { } revision
            || await grid.GetClaimAsync(id, RequestContexts.Read(request.Caller), cancellationToken) is not { } owned
            || owned.Claim.Revision == revision
            || await store.IsRecordedAsync(request.Caller.Agency, request.RequestId!.Value, cancellationToken))
        {
            return;
        }

        throw new ProblemException(Problems.Outdated);
    }

    private static Claim Changed(Answer answer) => AnswerProblems.Require(answer, Problems.NoSuchClaim).Claim
        ?? throw new ProblemException(Problems.NoSuchClaim);

    private Protocol.V1.Claim View(Claim claim) => views.Own(claim, views.Open(claim), hazard: null, crowdBand: null);

    private Protocol.V1.Claim View(OwnedClaim owned) =>
        views.Own(owned, views.Open(owned.Claim), owned.IsCrowd ? $"{options.Policy.CrowdReopensBelow}+" : null);

    private static Domain.Identifiers.IdentifierKind? ReadKind(string text, Faults faults)
    {
        if (text.Length == 0)
        {
            return null;
        }

        if (Domain.Identifiers.IdentifierKinds.TryParse(text, out var kind))
        {
            return kind;
        }

        faults.Add("kind", "UNKNOWN_KIND", "There is no such kind of identifier.", "Use one of the kinds that claims are made of, or none.");
        return null;
    }

    private static EndReason? ReadState(ClaimState state, Faults faults)
    {
        switch (state)
        {
            case ClaimState.Unspecified:
                return null;
            case ClaimState.Live:
                return EndReason.None;
            case ClaimState.Released:
                return EndReason.Released;
            case ClaimState.Expired:
                return EndReason.Expired;
            default:
                faults.Add("state", "UNKNOWN_VALUE", "The number stands for no state that this server knows.", "Use one of: LIVE, RELEASED, EXPIRED, or none.");
                return null;
        }
    }
}
