using System.Globalization;
using Deconfliction.ClusterLoadTests.Setup;
using Deconfliction.ClusterLoadTests.Sides;
using Deconfliction.Grid;
using Deconfliction.Ledger;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Setup;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Deconfliction.ClusterLoadTests.Scenarios;

/// <summary>
/// One hot identifier on a silo: an address with 100,000 live claims of which a new one meets ten, against one with ten that all meet; and
/// how long the first check takes whose grain has to be activated, from its snapshot in Orleans' storage.
/// </summary>
internal sealed class HotScenario : IClusterScenario
{
    private const int Claims = 500;
    private const int Activations = 15;
    private const int SnapshotBytes = 9_000_000; // One of 100,000 claims has 9.7 MB.
    private static readonly TimeSpan s_snapshotLimit = TimeSpan.FromSeconds(60);

    public string Name => "hot";

    public async Task RunAsync(ClusterBench bench, CancellationToken cancellationToken)
    {
        using var files = await OurSilos.CreateAsync();
        var (connection, postmaster) = await bench.CreateDatabaseAsync(cancellationToken);
        bench.Progress.Say($"{Name}: filling");
        await FillAsync(connection, cancellationToken);
        var (arguments, _) = await files.PrepareAsync("silo", connection);
        await using var silo = await SideProcess.StartAsync("silo", ["side", "ours", .. arguments], files.Folder, cancellationToken);
        var subjects = new CpuSubjects([silo.ProcessId], postmaster);

        await MeasureWarmAsync(bench, silo, subjects, cancellationToken);
        await Waiting.UntilAsync("Orleans' storage holds the snapshot", s_snapshotLimit, async () => await SnapshotBytesAsync(connection) > SnapshotBytes);
        await MeasureColdAsync(bench, silo, subjects, cancellationToken);
    }

    private static async Task FillAsync(string connection, CancellationToken cancellationToken)
    {
        await using var ledger = await LedgerFactory.OpenPostgresAsync(
            connection, new LedgerOptions { AuditKey = new byte[32] }, NullLoggerFactory.Instance, cancellationToken);
        var ids = new UuidV7Source();
        await LongIdentifiers.FillAsync(ledger, LongIdentifiers.Met, ids, cancellationToken);
        await LongIdentifiers.FillAsync(ledger, HotTrial.Long, ids, cancellationToken);
    }

    private static async Task<long> SnapshotBytesAsync(string connection)
    {
        await using var source = NpgsqlDataSource.Create(connection + ";Pooling=false");
        await using var command = source.CreateCommand("SELECT coalesce(sum(octet_length(payload)), 0)::bigint FROM orleansstorage");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task MeasureWarmAsync(ClusterBench bench, SideProcess silo, CpuSubjects subjects, CancellationToken cancellationToken)
    {
        Pool[] both = [Pool.Ten, Pool.Long];
        foreach (var pool in both)
        {
            await silo.CarryOutAsync(new Order(pool, Owner.Any, 1, 0, Claims), cancellationToken); // warms up
        }

        var rounds = both.ToDictionary(static pool => pool, static _ => new List<(Outcome Outcome, CpuCost Cost)>());
        for (var round = 0; round < bench.Options.Rounds; round++)
        {
            foreach (var pool in round % 2 == 0 ? both : both.Reverse())
            {
                rounds[pool].Add(await silo.MeasureAsync(new Order(pool, Owner.Any, 1, 0, Claims), subjects, cancellationToken));
            }

            bench.Progress.Say(string.Create(
                CultureInfo.InvariantCulture, $"{Name}: p50 {rounds[Pool.Ten][^1].Outcome.P50:0.00} ms with ten, {rounds[Pool.Long][^1].Outcome.P50:0.00} ms with {HotTrial.Long:N0}"));
        }

        Add(bench, "a claim that meets the ten that there are, warm: p50", "ms", rounds[Pool.Ten].Select(static one => one.Outcome.P50));
        Add(bench, $"a claim that meets ten of {HotTrial.Long:N0}, warm: p50", "ms", rounds[Pool.Long].Select(static one => one.Outcome.P50));
        Add(
            bench, "the second over the first", "x",
            rounds[Pool.Long].Zip(rounds[Pool.Ten], static (many, few) => many.Outcome.P50 / few.Outcome.P50), new Aim(1.5, AtLeast: false));
    }

    private async Task MeasureColdAsync(ClusterBench bench, SideProcess silo, CpuSubjects subjects, CancellationToken cancellationToken)
    {
        await silo.CarryOutAsync(new Order(Pool.Cold, Owner.Any, 1, 0, 1), cancellationToken); // warms up
        var times = new List<(Outcome Outcome, CpuCost Cost)>();
        for (var one = 0; one < Activations; one++)
        {
            times.Add(await silo.MeasureAsync(new Order(Pool.Cold, Owner.Any, 1, 0, 1), subjects, cancellationToken));
        }

        bench.Progress.Say($"{Name}: activated in {string.Join(", ", times.Select(static one => one.Outcome.Longest.ToString("0.0", CultureInfo.InvariantCulture)))} ms");
        Add(
            bench, $"first check of an identifier with {HotTrial.Long:N0} claims whose grain is not active", "ms",
            times.Select(static one => one.Outcome.Longest), new Aim(50, AtLeast: false));
    }

    private void Add(ClusterBench bench, string name, string unit, IEnumerable<double> values, Aim? aim = null) => bench.Report.Add(new Figure
    {
        Scenario = Name, Name = name, Unit = unit, Rounds = [.. values], Aim = aim, Command = ClusterBench.Command(Name),
    });
}
