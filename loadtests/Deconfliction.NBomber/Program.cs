using System.Globalization;
using Deconfliction.LoadTests;
using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Reporting;
using Deconfliction.LoadTests.Rows;
using Deconfliction.LoadTests.Rows.Sides;
using Deconfliction.LoadTests.Setup;
using NBomber.CSharp;

// Not compiled yet: see README.md.
if (args is not [var name, var rate, var seconds])
{
    await Console.Error.WriteLineAsync("nbomber-loadtests: give a scenario (claims, checks, rare-checks, frequent-checks, mix), calls a second, and seconds.");
    return 2;
}

await using var bench = new Bench(new LoadOptions(), new Report(Machine.Read(), DateTimeOffset.UtcNow), new Progress(Console.Error, isTerminal: false), RowBench.DatabaseSettings);
await using var grid = await bench.StartGridAsync(Store.Postgres, CancellationToken.None);
await using var agency = await grid.ConnectAgencyAsync("caller", GridSide.Connections);
await using var owner = await grid.ConnectAgencyAsync("owner", connections: 0);
await owner.ImportAsync(Enumerable.Range(0, ChecksRow.Claimed).Select(static number => GeneratedValues.Sha256(number)), static () => { }, CancellationToken.None);

var checks = new Checks(agency, ChecksRow.UsualHits, ChecksRow.Claimed);
ILoad load = name switch
{
    "claims" => new FreshClaims(agency),
    "checks" => checks,
    "rare-checks" => new Checks(agency, hits: 3, ChecksRow.Claimed),
    "frequent-checks" => new Checks(agency, hits: 50_000, ChecksRow.Claimed),
    "mix" => new Mix(80, checks, new FreshClaims(agency)),
    _ => throw new ArgumentException($"'{name}' is no scenario."),
};

var scenario = Scenario.Create(name, async context =>
    {
        await load.CallAsync((int)(context.InvocationNumber % PacedRow.MostOpen), CancellationToken.None);
        return Response.Ok();
    })
    .WithWarmUpDuration(TimeSpan.FromSeconds(8))
    .WithLoadSimulations(Simulation.Inject(
        rate: int.Parse(rate, CultureInfo.InvariantCulture), interval: TimeSpan.FromSeconds(1), during: TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture))));
NBomberRunner.RegisterScenarios(scenario).WithReportFolder("reports").Run();
return 0;
