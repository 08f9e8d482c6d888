using System.CommandLine;
using Deconfliction.Cli.Invocation;
using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Overlaps;

/// <summary><c>overlaps list|show|ack|resolve|request-contact|disclose</c>.</summary>
internal static class OverlapsCommand
{
    public static Command Build(Runner runner) => new("overlaps", "Who else works on what you work on, as far as they disclose it.")
    {
        List(runner),
        One(runner, "show", "Show one overlap.", (call, overlap, token) => call.Grid.Overlaps.GetAsync(overlap, token)),
        One(runner, "ack", "Say that you have seen an overlap.", (call, overlap, token) =>
            call.Grid.Overlaps.AcknowledgeAsync(new AcknowledgeOverlapRequest { Overlap = overlap }, token)),
        Resolve(runner),
        RequestContact(runner),
        One(runner, "disclose", "Show your side of one overlap to the other side. It cannot be taken back.", (call, overlap, token) =>
            call.Grid.Overlaps.DiscloseAsync(new DiscloseOverlapRequest { Overlap = overlap }, token)),
    };

    private static Command List(Runner runner)
    {
        var state = Inputs.Choice<OverlapState>("--state", "Only overlaps in this state");
        var reference = Inputs.Text("--case", "Only overlaps of this case of yours.", 128);
        var claim = new Option<string?>("--claim") { Description = "Only overlaps of this claim of yours.", HelpName = "CLAIM" };
        var limit = Inputs.Number("--limit", "Stop after so many.", "COUNT", 1, int.MaxValue);
        var command = new Command("list", "List overlaps.") { state, reference, claim, limit };
        return runner.Handle(command, (call, token) =>
        {
            var filter = new ListOverlapsRequest
            {
                State = call.Value(state), CaseReference = call.Value(reference) ?? "", Claim = call.Value(claim) ?? "",
            };
            return Listing.ShowAsync(
                call.Screen, call.Grid.Overlaps.ListAsync(filter, token), OverlapRecord.Of, OverlapRecord.Columns, call.Value(limit),
                "There is nothing to disclose. This is no proof that nobody else works on it.");
        });
    }

    private static Command One(
        Runner runner, string name, string description, Func<Call, string, CancellationToken, Task<OverlapPointer>> ask)
    {
        var overlap = Inputs.Word("OVERLAP", "The overlap's number.");
        var command = new Command(name, description) { overlap };
        return runner.Handle(command, async (call, token) => OverlapRecord.Of(await ask(call, call.Value(overlap), token)));
    }

    private static Command Resolve(Runner runner)
    {
        var overlap = Inputs.Word("OVERLAP", "The overlap's number.");
        var outcome = Inputs.Choice<OverlapOutcome>("--outcome", "How it was resolved", required: true);
        var command = new Command("resolve", "Close an overlap with an outcome.") { overlap, outcome };
        return runner.Handle(command, async (call, token) => OverlapRecord.Of(await call.Grid.Overlaps.ResolveAsync(
            new ResolveOverlapRequest { Overlap = call.Value(overlap), Outcome = call.Value(outcome) }, token)));
    }

    private static Command RequestContact(Runner runner)
    {
        var overlap = new Argument<string?>("OVERLAP") { Description = "The overlap whose other side is asked.", Arity = ArgumentArity.ZeroOrOne };
        var claim = new Option<string?>("--claim") { Description = "In place of an overlap: your claim on a crowd; all its claimants are asked.", HelpName = "CLAIM" };
        var command = new Command("request-contact", "Put your claim's contact into the other side's feed.") { overlap, claim };
        command.Validators.Add(result =>
        {
            if (result.GetValue(overlap) is null == result.GetValue(claim) is null)
            {
                result.AddError("Name either an OVERLAP or --claim CLAIM.");
            }
        });
        return runner.Handle(command, async (call, token) =>
        {
            var request = new RequestContactRequest();
            if (call.Optional(overlap) is { } number)
            {
                request.Overlap = number;
            }
            else
            {
                request.Claim = call.Value(claim)!;
            }

            var answer = await call.Grid.Overlaps.RequestContactAsync(request, token);
            return new Record().Text("overlap", request.Overlap).Text("claim", request.Claim).Time("request_time", answer.RequestTime);
        });
    }
}
