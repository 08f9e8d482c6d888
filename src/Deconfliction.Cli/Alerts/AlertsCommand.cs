using System.CommandLine;
using System.Globalization;
using Deconfliction.Cli.Invocation;

namespace Deconfliction.Cli.Alerts;

/// <summary><c>alerts watch</c>.</summary>
internal static class AlertsCommand
{
    public static Command Build(Runner runner)
    {
        var from = new Option<long?>("--from")
        {
            Description = "The first position to show; 0 for the oldest that is kept (default: after the last acknowledged one).", HelpName = "POSITION",
            CustomParser = static result =>
            {
                var text = result.Tokens[0].Value;
                if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var position))
                {
                    result.AddError($"--from '{text}' is no position. Positions count from 1.");
                }
                else if (position < 0)
                {
                    result.AddError("--from is below 0. Positions count from 1.");
                }

                return position;
            },
        };
        var acknowledge = new Option<bool>("--ack") { Description = "Acknowledge what was shown, so that it is not shown again." };
        var noWait = new Option<bool>("--no-wait") { Description = "Stop when all that is there has been shown." };
        var retryFor = Inputs.Number("--retry-for", "How long to try to reach a server that went away (default: 60).", "SECONDS", 0, 86_400);
        var watch = new Command("watch", "Show your agency's alerts as they come, until you stop it.") { from, acknowledge, noWait, retryFor };
        runner.Handle(watch, async (call, token) =>
        {
            var options = new AlertWatchOptions(
                call.Value(from), call.Value(acknowledge), call.Value(noWait), TimeSpan.FromSeconds(call.Value(retryFor) ?? 60));
            await new AlertWatch(call.Grid.Alerts, call.Screen, options, call.Surroundings.Time).RunAsync(token);
            return ExitStatus.Done;
        });
        return new Command("alerts", "What your agency is told.") { watch };
    }
}
