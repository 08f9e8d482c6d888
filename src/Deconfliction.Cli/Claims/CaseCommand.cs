using System.CommandLine;
using Deconfliction.Cli.Invocation;
using Deconfliction.Cli.Screens;
using Deconfliction.Protocol.V1;

namespace Deconfliction.Cli.Claims;

/// <summary><c>case release REF</c>.</summary>
internal static class CaseCommand
{
    public static Command Build(Runner runner)
    {
        var reference = Inputs.Word("REF", "The case.");
        var release = new Command("release", "End all live claims of a case.") { reference };
        runner.Handle(release, async (call, token) =>
        {
            var released = await call.Grid.Claims.ReleaseCaseAsync(new ReleaseCaseRequest { CaseReference = call.Value(reference) }, token);
            if (released == 0)
            {
                call.Screen.Note("Your agency has no live claim in this case. See that its reference is written as it was claimed.");
            }

            return new Record().Text("case", call.Value(reference)).Number("released", released);
        });
        return new Command("case", "A case's claims together.") { release };
    }
}
