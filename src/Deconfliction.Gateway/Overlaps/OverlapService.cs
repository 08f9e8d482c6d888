using Deconfliction.Domain.Overlaps;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Paging;
using Deconfliction.Gateway.Views;
using Deconfliction.Grid;
using Deconfliction.Ledger.Claims;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Google.Protobuf;

namespace Deconfliction.Gateway.Overlaps;

/// <summary>deconfliction.v1.OverlapService: overlaps of the calling agency, as far as it may see them.</summary>
internal sealed class OverlapService(IGrid grid, OverlapViews views, RequestContexts contexts, PageTokens tokens)
{
    public async Task<GetOverlapResponse> GetOverlap(GetOverlapRequest request, ServerCallContext context)
    {
        var faults = new Faults();
        var id = RequestContexts.ObjectId("overlap", request.Overlap, faults);
        faults.ThrowIfAny();
        var read = RequestContexts.Read(RequestContexts.CallerOf(context));
        var visible = await grid.GetOverlapAsync(id, read, context.CancellationToken) ?? throw new ProblemException(Problems.NoSuchOverlap);
        return new GetOverlapResponse { Overlap = views.Of(visible) };
    }

    public async Task<ListOverlapsResponse> ListOverlaps(ListOverlapsRequest request, ServerCallContext context)
    {
        var caller = RequestContexts.CallerOf(context);
        var faults = new Faults();
        var size = Pages.Size(request.PageSize, faults);
        faults.Optional("case_reference", request.CaseReference, Limits.CaseReference);
        Guid? claim = request.Claim.Length > 0 ? RequestContexts.ObjectId("claim", request.Claim, faults) : null;
        if (request.State is < OverlapState.Unspecified or > OverlapState.Resolved)
        {
            faults.Add("state", "UNKNOWN_VALUE", "The number stands for no state that this server knows.", "Use one of: NEW, ACKNOWLEDGED, RESOLVED, or none.");
        }

        faults.ThrowIfAny();
        var filter = new ListOverlapsRequest { State = request.State, CaseReference = request.CaseReference, Claim = request.Claim };
        var after = Pages.After(tokens, request.PageToken, caller.Agency, PageMethods.ListOverlaps, filter);
        var (page, next) = await Pages.ReadAsync(
            place => grid.ListOverlapsAsync(
                new OverlapQuery(caller.Agency, place, size, claim, request.CaseReference.Length > 0 ? request.CaseReference : null),
                RequestContexts.Read(caller),
                context.CancellationToken),
            visible => visible.Overlap.Id,
            request.State == OverlapState.Unspecified ? null : visible => OverlapViews.StateOf(visible.Overlap, visible.Own.Id) == request.State,
            after,
            size);
        var response = new ListOverlapsResponse
        {
            NextPageToken = next is { } last ? tokens.Make(caller.Agency, PageMethods.ListOverlaps, filter, last.ToByteArray(bigEndian: true)) : "",
        };
        response.Overlaps.AddRange(page.Select(views.Of));
        return response;
    }

    public async Task<AcknowledgeOverlapResponse> AcknowledgeOverlap(AcknowledgeOverlapRequest request, ServerCallContext context) =>
        new() { Overlap = await ActAsync(request, request.Overlap, OverlapAction.Acknowledge, Outcome.None, new Faults(), context) };

    public async Task<ResolveOverlapResponse> ResolveOverlap(ResolveOverlapRequest request, ServerCallContext context)
    {
        var faults = new Faults();
        var outcome = ClaimReader.Known(
            "outcome", EnumMaps.ToDomain(request.Outcome), "COORDINATED, DUPLICATE_STOPPED, NO_CONFLICT, FALSE_MATCH", faults);
        return new() { Overlap = await ActAsync(request, request.Overlap, OverlapAction.Resolve, outcome, faults, context) };
    }

    public async Task<DiscloseOverlapResponse> DiscloseOverlap(DiscloseOverlapRequest request, ServerCallContext context) =>
        new() { Overlap = await ActAsync(request, request.Overlap, OverlapAction.Disclose, Outcome.None, new Faults(), context) };

    public async Task<RequestContactResponse> RequestContact(RequestContactRequest request, ServerCallContext context)
    {
        var faults = new Faults();
        if (request.TargetCase == RequestContactRequest.TargetOneofCase.Claim)
        {
            var id = RequestContexts.ObjectId("claim", request.Claim, faults);
            var recorded = contexts.Recorded(RequestContexts.CallerOf(context), request, faults);
            faults.ThrowIfAny();
            AnswerProblems.Require(await grid.RequestCrowdContactAsync(id, recorded, context.CancellationToken), Problems.NoSuchClaim);
        }
        else
        {
            await ActAsync(request, request.Overlap, OverlapAction.RequestContact, Outcome.None, faults, context);
        }

        return new RequestContactResponse { RequestTime = ClaimViews.Time(grid.Now) };
    }

    private async Task<OverlapPointer> ActAsync<TRequest>(
        TRequest request, string overlap, OverlapAction action, Outcome outcome, Faults faults, ServerCallContext context)
        where TRequest : IMessage, IRecordedRequest
    {
        var caller = RequestContexts.CallerOf(context);
        var id = RequestContexts.ObjectId("overlap", overlap, faults);
        var recorded = contexts.Recorded(caller, request, faults);
        faults.ThrowIfAny();
        var answer = await grid.ActOnOverlapAsync(id, action, outcome, recorded, context.CancellationToken);
        return views.Of(AnswerProblems.Require(answer, Problems.NoSuchOverlap), caller.Agency) ?? throw new ProblemException(Problems.NoSuchOverlap);
    }
}
