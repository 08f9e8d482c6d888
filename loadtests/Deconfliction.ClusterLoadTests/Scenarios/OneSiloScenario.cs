using Deconfliction.ClusterLoadTests.Setup;
using Deconfliction.ClusterLoadTests.Sides;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Rows;

namespace Deconfliction.ClusterLoadTests.Scenarios;

/// <summary>One silo and its database, called from inside the silo: on fresh identifiers, or round and round on ones whose grains live.</summary>
internal sealed class OneSiloScenario : IClusterScenario
{
    private const int PoolCount = 40_000;
    private const int WarmUpCallers = 256;
    private readonly Pool _pool;

    private OneSiloScenario(Pool pool) => _pool = pool;

    public string Name => _pool == Pool.Fresh ? "fresh" : "warm";

    /// <summary>On identifiers that nobody claimed before.</summary>
    public static OneSiloScenario OnFresh() => new(Pool.Fresh);

    /// <summary>On identifiers whose grains live.</summary>
    public static OneSiloScenario OnWarm() => new(Pool.Warm);

    public async Task RunAsync(ClusterBench bench, CancellationToken cancellationToken)
    {
        bench.Report.Note(
            "Called from inside the silo: callers in the silo's process, in a closed loop; ours enter where the gateway's calls do, the plain one's call the grain. "
            + $"The plain way: a grain an identifier, its state saved whole by Persistence.AdoNet as JSON on each claim, {bench.Options.PlainPool} connections, statements prepared by Npgsql; "
            + $"it keeps no audit record, no request ids, no alerts and seals nothing. One PostgreSQL as initdb leaves it but for {string.Join(", ", RowBench.DatabaseSettings)}; durable commits.");
        await using var sides = await TwoSides.StartAsync(bench, cancellationToken);
        foreach (var side in (SideProcess[])[sides.Ours, sides.Plain])
        {
            bench.Progress.Say($"{Name}: warming up {side.Name} for {bench.Options.WarmUp:0} s");
            await side.CarryOutAsync(new Order(Pool.Fresh, Owner.Any, WarmUpCallers, bench.Options.WarmUp, 0), cancellationToken);
            if (_pool == Pool.Warm)
            {
                await side.CarryOutAsync(new Order(Pool.Fill, Owner.Any, WarmUpCallers, 0, PoolCount), cancellationToken);
            }
        }

        var what = _pool == Pool.Fresh ? "one silo, fresh identifiers" : $"one silo, {PoolCount:N0} warm identifiers";
        var duel = new Duel(bench, Name, what, (side, callers, seconds, token) =>
            side.MeasureAsync(new Order(_pool, Owner.Any, callers, seconds, 0), sides.SubjectsOf(side), token));
        await duel.RunAsync(sides, bench.Options.Callers, new Aim(8, AtLeast: true), cancellationToken);
    }
}
