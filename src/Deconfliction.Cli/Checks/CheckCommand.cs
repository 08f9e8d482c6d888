using System.CommandLine;
using Deconfliction.Cli.Claims;
using Deconfliction.Cli.Invocation;
using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Checks;

/// <summary><c>check KIND VALUE</c>.</summary>
internal static class CheckCommand
{
    private static readonly string[] Columns = ["visibility", "agency", "agency_name", "contact", "case", "handling", "strength", "window_assumed"];

    public static Command Build(Runner runner)
    {
        var kind = Inputs.Word("KIND", "The kind of the identifier, such as ip, sha256 or username.");
        var value = Inputs.Word("VALUE", "The identifier.");
        var reference = Inputs.Text("--case", "Your own opaque reference of the case.", 128, required: true);
        var purpose = Inputs.Text("--purpose", "Why you look it up; no case content.", 256, required: true);
        var window = new WindowOptions();
        var command = new Command("check", "Look up an identifier without claiming it. Every check is recorded, and owners may be alerted.")
        {
            kind, value, reference, purpose,
        };
        window.AddTo(command);
        return runner.Handle(command, async (call, token) =>
        {
            var answer = await call.Grid.Checks.CheckAsync(
                new CheckRequest
                {
                    Identifier = new IdentifierInput { Kind = call.Value(kind), Value = call.Value(value) },
                    CaseReference = call.Value(reference),
                    Purpose = call.Value(purpose),
                    Window = window.Window(call),
                    Port = window.Port(call),
                },
                token);
            Show(call.Screen, answer);
            return ExitStatus.Done;
        });
    }

    private static void Show(Screen screen, CheckResponse answer)
    {
        var record = Of(answer);
        screen.OnlyJson(record);
        screen.Say($"{record["kind"]} {record["identifier"]}, looked up {record["check_time"]}.");
        Findings.Hazard(screen, answer.Hazard);
        Findings.Crowd(screen, answer.Crowd, answer.OwnClaims.FirstOrDefault()?.Claim ?? "");
        Findings.OwnClaims(screen, answer.OwnClaims);
        screen.Table(Columns, [.. answer.Hits.Select(OfHit)]);
        if (answer.HitsTruncated)
        {
            screen.Say("There are more hits than are shown. Claim the identifier in order to list them.");
        }

        Findings.Notice(screen, answer.DisclosureNotice);
    }

    private static Record Of(CheckResponse answer) => new Record()
        .Text("kind", answer.Kind)
        .Text("identifier", answer.Identifier)
        .List("hits", answer.Hits.Select(OfHit))
        .Flag("more_hits", answer.HitsTruncated)
        .List("own_claims", answer.OwnClaims.Select(ClaimRecord.OfOwn))
        .Part("hazard", ClaimRecord.OfHazard(answer.Hazard))
        .Part("crowd", ClaimRecord.OfCrowd(answer.Crowd))
        .Text("disclosure_notice", EnumText.Of(answer.DisclosureNotice))
        .Time("check_time", answer.CheckTime);

    private static Record OfHit(CheckHit hit) => new Record()
        .Text("visibility", EnumText.Of(hit.Visibility))
        .Text("agency", hit.Agency)
        .Text("agency_name", hit.AgencyName)
        .Text("contact", hit.Contact)
        .Text("case", hit.CaseReference)
        .Text("handling", EnumText.Of(hit.Handling))
        .Text("strength", EnumText.Of(hit.Strength))
        .Flag("window_assumed", hit.WindowAssumed);
}
