using System.CommandLine;
using Deconfliction.Cli.Invocation;
using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;
using Google.Protobuf.WellKnownTypes;

namespace Deconfliction.Cli.Audit;

/// <summary><c>audit list|verify</c>, for auditors.</summary>
internal static class AuditCommand
{
    private static readonly string[] Columns =
        ["time", "writer", "sequence", "operation", "outcome", "agency", "requested_by", "case", "purpose", "disclosures"];

    public static Command Build(Runner runner) => new("audit", "Who did what, when, why, and what was disclosed to whom.") { List(runner), Verify(runner) };

    private static Command List(Runner runner)
    {
        var agency = new Option<string?>("--agency") { Description = "Only what this agency did.", HelpName = "ID" };
        var reference = Inputs.Text("--case", "Only entries of this case.", 128);
        var from = Inputs.Moment("--from", "Only entries from this moment on");
        var until = Inputs.Moment("--until", "Only entries before this moment");
        var limit = Inputs.Number("--limit", "Stop after so many.", "COUNT", 1, int.MaxValue);
        var command = new Command("list", "List entries, the oldest first.") { agency, reference, from, until, limit };
        return runner.Handle(command, (call, token) =>
        {
            var filter = new ListAuditEntriesRequest
            {
                Agency = call.Value(agency) ?? "",
                CaseReference = call.Value(reference) ?? "",
                From = call.Value(from) is { } start ? Timestamp.FromDateTimeOffset(start) : null,
                Until = call.Value(until) is { } end ? Timestamp.FromDateTimeOffset(end) : null,
            };
            return Listing.ShowAsync(
                call.Screen, call.Grid.Audit.ListAsync(filter, token), AuditRecord.Of, Columns, call.Value(limit), "There are no such entries.");
        });
    }

    private static Command Verify(Runner runner)
    {
        var command = new Command("verify", "Recompute the chain of every writer, and name the first bad entry.");
        return runner.Handle(command, async (call, token) =>
        {
            var answer = await call.Grid.Audit.VerifyAsync(token);
            call.Screen.Show(AuditRecord.Of(answer));
            return answer.FirstFault is null ? ExitStatus.Done : ExitStatus.SomeRejected;
        });
    }
}
