using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Gateway.Budgets;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Keys;
using Deconfliction.Gateway.Streaming;
using Deconfliction.Gateway.Views;
using Deconfliction.Gateway.Watching;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Gateway.Checks;

/// <summary>deconfliction.v1.CheckService: looks up without claiming. What it says has been recorded first.</summary>
internal sealed class CheckService(
    IGrid grid,
    ClaimReader reader,
    RequestContexts contexts,
    Tagger tagger,
    HazardCatalogue catalogue,
    AgencyBudgets budgets,
    ClaimViews claims,
    OverlapViews overlaps,
    GatewayWatch watch,
    GatewayOptions options,
    ILogger<CheckService> log)
{
    private readonly record struct Asked(Caller Caller, CheckItem Item, Problem? BadText);

    public Task<CheckResponse> Check(CheckRequest request, ServerCallContext context) =>
        AnswerAsync(request, RequestContexts.CallerOf(context), Lane.Interactive, context.CancellationToken);

    public Task StreamChecks(
        IAsyncStreamReader<StreamChecksRequest> requests, IServerStreamWriter<StreamChecksResponse> responses, ServerCallContext context)
    {
        var caller = RequestContexts.CallerOf(context);
        var stream = new ItemStream<Asked, CheckResult>(options.StreamWindow, Limits.ItemsPerMessage, AnswerItemAsync);
        return stream.RunAsync(Read, Write, context.CancellationToken);

        async Task Read(Func<Asked, ValueTask> start)
        {
            await foreach (var (message, badText) in requests.ReadItemsAsync(context.CancellationToken))
            {
                ItemProblems.RequireCount(message.Items.Count);
                foreach (var (index, item) in message.Items.Index())
                {
                    await start(new Asked(caller, item, badText.Of(index)));
                }
            }
        }

        Task Write(IReadOnlyList<CheckResult> results)
        {
            var response = new StreamChecksResponse();
            response.Results.AddRange(results);
            return responses.WriteAsync(response, context.CancellationToken);
        }
    }

    private async Task<CheckResult> AnswerItemAsync(Asked asked, CancellationToken cancellationToken)
    {
        var item = asked.Item;
        if (asked.BadText is { } unreadable)
        {
            return Rejected(item, unreadable, within: "");
        }

        try
        {
            var check = item.Check ?? new CheckRequest();
            return new CheckResult
            {
                Position = item.Position,
                Answer = await AnswerAsync(check, asked.Caller, Lane.Bulk, cancellationToken),
            };
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Rejected(item, ItemProblems.Of(exception, log, nameof(StreamChecks)), within: "check.");
        }
    }

    private CheckResult Rejected(CheckItem item, Problem problem, string within)
    {
        watch.Problems.Add(problem);
        return new() { Position = item.Position, Error = problem.ToItemError(within) };
    }

    private async Task<CheckResponse> AnswerAsync(CheckRequest request, Caller caller, Lane lane, CancellationToken cancellationToken)
    {
        var (identifier, command, recorded) = Read(request, caller, lane);
        if (await budgets.TakeCheckAsync(caller.Agency, cancellationToken) is { } exhausted)
        {
            throw new ProblemException(exhausted);
        }

        var key = tagger.Tag(identifier);
        var answer = await grid.CheckAsync(key, command, recorded, cancellationToken);
        watch.Checked(caller.Agency, key.Tag, identifier.Kind, command.Hazard, answer.PointerCount > 0);
        return View(AnswerProblems.Require(answer, Problems.NoSuchClaim), identifier);
    }

    private (Identifier Identifier, Command.Check Command, RequestContext Recorded) Read(CheckRequest request, Caller caller, Lane lane)
    {
        var faults = new Faults();
        var asked = reader.Check(request, faults);
        var recorded = contexts.Checking(caller, request, faults, lane);
        faults.ThrowIfAny();
        var (identifier, window, port) = asked!.Value;
        var hazard = catalogue.Find(identifier)?.Reason;
        return (identifier, new Command.Check(caller.Agency, caller.Role, request.CaseReference, request.Purpose, window, port, hazard), recorded);
    }

    private CheckResponse View(Answer answer, Identifier identifier)
    {
        var response = new CheckResponse
        {
            HitsTruncated = answer.PointerCount > answer.Pointers.Count,
            Hazard = claims.Hazard(answer.Hazard, identifier),
            Crowd = Crowds.Read(answer.CrowdBand),
            DisclosureNotice = OverlapViews.Notice(answer.PointerCount),
            CheckTime = ClaimViews.Time(grid.Now),
            Kind = IdentifierKinds.Name(identifier.Kind),
            Identifier = identifier.Canonical,
        };
        foreach (var pointer in answer.Pointers)
        {
            response.Hits.Add(overlaps.Hit(pointer));
        }

        foreach (var own in answer.OwnClaims)
        {
            response.OwnClaims.Add(ClaimViews.Short(own));
        }

        return response;
    }
}
