using System.Diagnostics;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Scenarios;

/// <summary>A million live claims on a million identifiers: what the server holds in memory, and how soon it is ready again.</summary>
internal sealed class LargeScenario : IScenario
{
    private const int Claims = 1_000_000;

    public string Name => "large";

    public bool NeedsStore => true;

    public async Task RunAsync(Bench bench, Store store, CancellationToken cancellationToken)
    {
        await using var grid = await bench.StartGridAsync(store, cancellationToken);
        await using (var agency = await grid.ConnectAgencyAsync("caller", connections: 1))
        {
            await ImportAsync(bench, store, grid, agency, cancellationToken);
        }

        var memory = ResidentMemory.Of(grid.Server.ProcessId);
        Add("resident memory after the import", "MB", memory.Now, new Aim(600, AtLeast: false));
        Add("its peak", "MB", memory.Peak, aim: null);

        var starts = new List<double>();
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            await grid.StopServerAsync();
            var started = Stopwatch.GetTimestamp();
            await grid.Server.StartAsync();
            starts.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
            bench.Progress.Say($"large, {Bench.NameOf(store)}: ready after {starts[^1]:0.00} s");
        }

        bench.Report.Add(Figure("start with that store, until /health/ready is 200", "s", starts, new Aim(3, AtLeast: false)));
        Add("resident memory after a start with that store", "MB", ResidentMemory.Of(grid.Server.ProcessId).Now, aim: null);

        void Add(string name, string unit, double value, Aim? aim) => bench.Report.Add(Figure(name, unit, [value], aim));

        Figure Figure(string name, string unit, IReadOnlyList<double> values, Aim? aim) => new()
        {
            Scenario = Name,
            Store = Bench.NameOf(store),
            Name = $"{Claims:N0} claims: {name}",
            Unit = unit,
            Rounds = values,
            Aim = aim,
            Command = Bench.Command(Name, store),
        };
    }

    private async Task ImportAsync(Bench bench, Store store, GridOnTrial grid, AgencyUnderLoad agency, CancellationToken cancellationToken)
    {
        long done = 0;
        var cpu = CpuClock.Start(grid.Subjects);
        var started = Stopwatch.GetTimestamp();
        var import = agency.ImportAsync(Enumerable.Range(0, Claims).Select(number => GeneratedValues.Sha256(number)), () => done++, cancellationToken);
        await bench.Progress.FollowAsync($"large, {Bench.NameOf(store)}: importing", FinishAsync(), () => Volatile.Read(ref done));
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        bench.Progress.Say($"large, {Bench.NameOf(store)}: {Claims:N0} claims in {seconds:0} s, {Claims / seconds:N0}/s");
        bench.Report.Add(new Figure
        {
            Scenario = Name,
            Store = Bench.NameOf(store),
            Name = $"import of {Claims:N0} claims on fresh identifiers over one stream of the client library",
            Unit = "claims/s",
            Rounds = [Claims / seconds],
            Cpu = cpu.Stop(Claims),
            Command = Bench.Command(Name, store),
        });

        async Task<bool> FinishAsync()
        {
            await import;
            return true;
        }
    }
}
