using System.CommandLine;
using Deconfliction.Cli.Invocation;
using Deconfliction.Cli.Overlaps;
using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Claims;

/// <summary><c>claim KIND VALUE</c>.</summary>
internal static class ClaimCommand
{
    public static Command Build(Runner runner)
    {
        var kind = Inputs.Word("KIND", "The kind of the identifier, such as ip, sha256 or username.");
        var value = Inputs.Word("VALUE", "The identifier.");
        var attributes = new ClaimAttributes(caseRequired: true);
        var window = new WindowOptions();
        var command = new Command("claim", "Say that you work on an identifier, and learn who else does.") { kind, value };
        attributes.AddTo(command);
        window.AddTo(command);
        return runner.Handle(command, async (call, token) =>
        {
            var claim = attributes.Read(call);
            claim.Identifier = new IdentifierInput { Kind = call.Value(kind), Value = call.Value(value) };
            claim.Window = window.Window(call);
            claim.Port = window.Port(call);
            Show(call.Screen, await call.Grid.Claims.CreateAsync(new CreateClaimRequest { Claim = claim }, token));
            return ExitStatus.Done;
        });
    }

    private static void Show(Screen screen, CreateClaimResponse answer)
    {
        var record = ClaimRecord.Of(answer);
        screen.OnlyJson(record);
        screen.Say(answer.Duplicate
            ? $"Claim {record["claim"]} was there already; nothing was created."
            : $"Claim {record["claim"]} accepted.");
        screen.Say($"  {record["kind"]} {record["identifier"]}, case {record["case"]}; expires {record["expire_time"]}, renew from {record["renew_time"]}.");
        Findings.Hazard(screen, answer.Hazard);
        Findings.Crowd(screen, answer.Crowd, record["claim"]);
        Findings.OwnClaims(screen, answer.OwnClaims);
        screen.Table(OverlapRecord.Columns, [.. answer.Overlaps.Select(OverlapRecord.Of)]);
        if (answer.NextOverlapsPageToken.Length > 0)
        {
            screen.Say($"There are more overlaps: deconflict overlaps list --claim {record["claim"]}");
        }

        Findings.Notice(screen, answer.DisclosureNotice);
    }
}
