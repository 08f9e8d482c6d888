using System.Diagnostics;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;
using Deconfliction.Testing.Processes;

namespace Deconfliction.LoadTests.Scenarios;

/// <summary>
/// The four files by <c>deconflict import</c>, each round on a fresh store: one process a file, one process for all, and one process
/// for all on a server that has worked for a while.
/// </summary>
internal sealed class ImportScenario : IScenario
{
    private const int WarmUpLines = 40_000;

    public string Name => "import";

    public bool NeedsStore => true;

    public async Task RunAsync(Bench bench, Store store, CancellationToken cancellationToken)
    {
        using var input = ImportInput.Prepare();
        if (input.IsGenerated)
        {
            bench.Report.Note("shared/data/ioc is not beside this checkout: the imports are of generated lines of the same shape.");
        }

        bench.Report.Note("Imported lines count whether they were accepted, duplicates or rejected. \"Own clock\" is what the command line prints as seconds; \"wall clock\" includes the start of its process. A cold server was started just before; a warm one had imported 40,000 other lines of another agency.");
        var aim = new Aim(store == Store.Postgres ? 20_000 : 10_000, AtLeast: true);
        await MeasureAsync(bench, store, "four files, a process each, cold server", aim: null, EachFileAsync, cancellationToken);
        await MeasureAsync(bench, store, "all lines, one process, cold server", aim, grid => AllAsync(grid, input), cancellationToken);
        await MeasureAsync(bench, store, "all lines, one process, warm server", aim, async grid =>
        {
            var other = await grid.AddAgencyAsync("earlier");
            await ImportAsync(other, input.WarmUp(WarmUpLines));
            return await AllAsync(grid, input);
        }, cancellationToken);

        async Task<Outcome> EachFileAsync(GridOnTrial grid)
        {
            var agencies = new List<(CommandLine Line, string Path)>();
            foreach (var file in input.Files)
            {
                agencies.Add((await grid.AddAgencyAsync(file.Agency), file.Path));
            }

            var cpu = CpuClock.Start(grid.Subjects);
            var sum = new Outcome(0, 0, 0, null);
            foreach (var (line, path) in agencies)
            {
                var one = await ImportAsync(line, path);
                sum = new Outcome(sum.Lines + one.Lines, sum.OwnSeconds + one.OwnSeconds, sum.WallSeconds + one.WallSeconds, null);
            }

            return sum with { Cpu = cpu.Stop(sum.Lines) };
        }
    }

    private async Task MeasureAsync(
        Bench bench, Store store, string what, Aim? aim, Func<GridOnTrial, Task<Outcome>> import, CancellationToken cancellationToken)
    {
        var rounds = new List<Outcome>();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            await using var grid = await bench.StartGridAsync(store, cancellationToken);
            var outcome = await import(grid);
            rounds.Add(outcome);
            bench.Progress.Say($"import, {Bench.NameOf(store)}, {what}: {outcome.Lines:N0} lines, {outcome.OwnRate:N0}/s by its own clock, {outcome.WallRate:N0}/s by the wall's");
        }

        Add("own clock", outcome => outcome.OwnRate, aim);
        Add("wall clock", outcome => outcome.WallRate, limit: null);

        void Add(string clock, Func<Outcome, double> rate, Aim? limit) => bench.Report.Add(new Figure
        {
            Scenario = Name,
            Store = Bench.NameOf(store),
            Name = $"import: {what}, {clock}",
            Unit = "lines/s",
            Rounds = [.. rounds.Select(rate)],
            Aim = limit,
            Cpu = rounds[^1].Cpu,
            Command = Bench.Command(Name, store),
        });
    }

    private static async Task<Outcome> AllAsync(GridOnTrial grid, ImportInput input)
    {
        var agency = await grid.AddAgencyAsync("everything");
        var cpu = CpuClock.Start(grid.Subjects);
        var outcome = await ImportAsync(agency, input.AllInOne);
        return outcome with { Cpu = cpu.Stop(outcome.Lines) };
    }

    private static async Task<Outcome> ImportAsync(CommandLine agency, string path)
    {
        var started = Stopwatch.GetTimestamp();
        var result = await agency.JsonAsync("import", path, "--case", "LOAD-1");
        var wall = Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (result.ExitCode is not (0 or 1))
        {
            result.Expect(0);
        }

        var summary = result.Json[^1];
        return new Outcome(Count("accepted") + Count("duplicates") + Count("rejected"), summary.GetProperty("seconds").GetDouble(), wall, null);

        long Count(string name) => summary.GetProperty(name).GetInt64();
    }

    private sealed record Outcome(long Lines, double OwnSeconds, double WallSeconds, CpuCost? Cpu)
    {
        public double OwnRate => Lines / Math.Max(0.001, OwnSeconds);

        public double WallRate => Lines / WallSeconds;
    }
}
