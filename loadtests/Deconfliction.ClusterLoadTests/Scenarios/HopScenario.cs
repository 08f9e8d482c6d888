using System.Globalization;
using Deconfliction.ClusterLoadTests.Setup;
using Deconfliction.ClusterLoadTests.Sides;
using Deconfliction.LoadTests.Measuring;

namespace Deconfliction.ClusterLoadTests.Scenarios;

/// <summary>
/// What the way to another silo costs: two silos, and claims from inside one of them on identifiers whose grains live on it, and on ones
/// whose grains live on the other; a lone caller for the time, many for the processors.
/// </summary>
internal sealed class HopScenario : IClusterScenario
{
    private const int PoolCount = 20_000;
    private const int ManyCallers = 64;
    private static readonly Owner[] s_both = [Owner.Here, Owner.Elsewhere];

    public string Name => "hop";

    public async Task RunAsync(ClusterBench bench, CancellationToken cancellationToken)
    {
        using var files = await OurSilos.CreateAsync();
        var (connection, postmaster) = await bench.CreateDatabaseAsync(cancellationToken);
        var (first, address) = await files.PrepareAsync("first-silo", connection);
        var (second, _) = await files.PrepareAsync("second-silo", connection);
        bench.Progress.Say($"{Name}: starting two silos");
        await using var here = await SideProcess.StartAsync("first", ["side", "ours", .. first], files.Folder, cancellationToken);
        await using var there = await SideProcess.StartAsync("second", ["side", "ours", .. second], files.Folder, cancellationToken);
        await files.AddCallerAsync(address);
        foreach (var owner in s_both)
        {
            bench.Progress.Say($"{Name}: warming up on identifiers that live {owner}");
            await here.CarryOutAsync(new Order(Pool.Fresh, owner, ManyCallers, bench.Options.WarmUp, 0), cancellationToken);
            await here.CarryOutAsync(new Order(Pool.Fill, owner, ManyCallers, 0, PoolCount), cancellationToken);
        }

        var subjects = new CpuSubjects([here.ProcessId, there.ProcessId], postmaster);
        foreach (var callers in (int[])[1, ManyCallers])
        {
            var rounds = s_both.ToDictionary(owner => owner, _ => new List<(Outcome Outcome, CpuCost Cost)>());
            for (var round = 0; round < bench.Options.Rounds; round++)
            {
                foreach (var owner in round % 2 == 0 ? s_both : s_both.Reverse())
                {
                    var one = await here.MeasureAsync(new Order(Pool.Warm, owner, callers, bench.Options.Seconds, 0), subjects, cancellationToken);
                    rounds[owner].Add(one);
                    bench.Progress.Say(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Name}: {callers} callers, {owner}: {one.Outcome.Rate:N0}/s, p50 {one.Outcome.P50 * 1e3:0} us, CPU each {one.Cost.Server * 1e6 / one.Cost.Items:0.0} us"));
                }
            }

            Report(bench, callers, rounds);
        }
    }

    private void Report(ClusterBench bench, int callers, Dictionary<Owner, List<(Outcome Outcome, CpuCost Cost)>> rounds)
    {
        foreach (var owner in s_both)
        {
            Add($"claim on a warm identifier that lives {(owner == Owner.Here ? "here" : "on the other silo")}, {callers} {(callers == 1 ? "caller" : "callers")}: p50", rounds[owner].Select(P50), rounds[owner][^1].Cost);
        }

        Add($"the hop, {callers} {(callers == 1 ? "caller" : "callers")}: time (difference of the medians)", Differences(P50), cost: null);
        Add($"the hop, {callers} {(callers == 1 ? "caller" : "callers")}: processor time of both silos", Differences(CpuEach), cost: null);

        IEnumerable<double> Differences(Func<(Outcome Outcome, CpuCost Cost), double> value) =>
            rounds[Owner.Elsewhere].Zip(rounds[Owner.Here], (far, near) => value(far) - value(near));

        void Add(string name, IEnumerable<double> values, CpuCost? cost) => bench.Report.Add(new Figure
        {
            Scenario = Name, Name = name, Unit = "µs", Rounds = [.. values], Cpu = cost, Command = ClusterBench.Command(Name),
        });
    }

    private static double P50((Outcome Outcome, CpuCost Cost) round) => round.Outcome.P50 * 1e3;

    private static double CpuEach((Outcome Outcome, CpuCost Cost) round) => round.Cost.Server * 1e6 / round.Cost.Items;
}
