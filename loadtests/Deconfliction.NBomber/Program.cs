using System.Globalization;
using Deconfliction.NBomber;
using NBomber.CSharp;

// Not compiled with NBomber yet: see README.md.
if (args is not [var name, var rateText, var secondsText]
    || !Trials.All.TryGetValue(name, out var prepare)
    || !int.TryParse(rateText, NumberStyles.None, CultureInfo.InvariantCulture, out var rate) || rate < 1
    || !int.TryParse(secondsText, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || seconds < 1)
{
    await Console.Error.WriteLineAsync($"nbomber-loadtests: give a scenario ({string.Join(", ", Trials.All.Keys)}), calls a second, and seconds.");
    return 2;
}

var (warmUp, length) = (TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(seconds));
await using var stage = new Stage(warmUp + length);
var trial = await prepare(stage);
var scenario = Scenario.Create(name, async context =>
    {
        await trial.CallAsync(context.InvocationNumber);
        return Response.Ok();
    })
    .WithWarmUpDuration(warmUp)
    .WithLoadSimulations(trial.IsOneAfterAnother
        ? Simulation.KeepConstant(copies: 1, during: length)
        : Simulation.Inject(rate: rate, interval: TimeSpan.FromSeconds(1), during: length));
NBomberRunner.RegisterScenarios(scenario).WithReportFolder("reports").Run();
return 0;
