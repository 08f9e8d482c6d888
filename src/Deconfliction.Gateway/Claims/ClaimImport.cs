using Deconfliction.Domain.Deciding;
using Deconfliction.Gateway.Errors;
using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Streaming;
using Deconfliction.Gateway.Watching;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.Protocol.V1;
using Deconfliction.Rpc;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Gateway.Claims;

/// <summary>ImportClaims: a stream of independent claims in the bulk lane. A bad item is answered by its position and harms no other.</summary>
internal sealed class ClaimImport(IGrid grid, ClaimMaker maker, ClaimAnswers answers, GatewayWatch watch, GatewayOptions options, ILogger<ClaimImport> log)
{
    private readonly record struct Asked(Caller Caller, string RequestedBy, ImportItem Item, Problem? BadText);

    public Task RunAsync(
        IAsyncStreamReader<ImportClaimsRequest> requests,
        IServerStreamWriter<ImportClaimsResponse> responses,
        Caller caller,
        CancellationToken cancellationToken)
    {
        var stream = new ItemStream<Asked, ImportResult>(options.StreamWindow, Limits.ItemsPerMessage, AnswerAsync);
        return stream.RunAsync(Read, Write, cancellationToken);

        async Task Read(Func<Asked, ValueTask> start)
        {
            await foreach (var (message, badText) in requests.ReadItemsAsync(cancellationToken))
            {
                ItemProblems.RequireCount(message.Items.Count);
                foreach (var (index, item) in message.Items.Index())
                {
                    await start(new Asked(caller, message.RequestedBy, item, badText.Of(index)));
                }
            }
        }

        Task Write(IReadOnlyList<ImportResult> results)
        {
            var response = new ImportClaimsResponse();
            response.Results.AddRange(results);
            return responses.WriteAsync(response, cancellationToken);
        }
    }

    private async Task<ImportResult> AnswerAsync(Asked asked, CancellationToken cancellationToken)
    {
        var item = asked.Item;
        if (asked.BadText is { } unreadable)
        {
            return Rejected(item, unreadable);
        }

        try
        {
            var (prepared, problem) = await maker.PrepareAsync(
                asked.Caller, item.RequestId, asked.RequestedBy, item.Claim, Lane.Bulk, cancellationToken);
            if (prepared is null)
            {
                return Rejected(item, problem!);
            }

            var answer = await grid.MakeClaimAsync(prepared.Key, prepared.Command, prepared.Request, cancellationToken);
            watch.Claimed(asked.Caller.Agency, prepared);
            return answers.Short(item, prepared, answer);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return Rejected(item, ItemProblems.Of(exception, log, nameof(ImportClaimsRequest)));
        }
    }

    private ImportResult Rejected(ImportItem item, Problem problem)
    {
        watch.Problems.Add(problem);
        return new() { Position = item.Position, Line = item.Line, Rejected = problem.ToItemError() };
    }
}
