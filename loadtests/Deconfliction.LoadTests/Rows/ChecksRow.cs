using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Rows.Sides;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Rows;

/// <summary>Recorded unary checks with few, some and many hits, and a mix with claims, against a look-up by key that records nothing.</summary>
internal sealed class ChecksRow : IRow
{
    /// <summary>How many identifiers another agency claims.</summary>
    public const int Claimed = 100_000;

    /// <summary>Hits in 100,000 checks, of the load that the other rows use too.</summary>
    public const int UsualHits = 5_000;

    private const int ClaimedQuick = 20_000;
    private static readonly int[] s_fewerTrials = [128, 256];

    public string Name => "checks";

    public async Task RunAsync(RowBench bench, CancellationToken cancellationToken)
    {
        await using var grid = await bench.StartGridAsync(cancellationToken);
        await using var agency = await grid.ConnectAgencyAsync("caller", GridSide.Connections);
        var claimed = await FillAsync(bench, grid, cancellationToken);
        var table = await bench.CreateDatabaseAsync(cancellationToken);
        await PlainTable.CreateAsync(table, claimed, cancellationToken);
        var script = grid["select.pgbench"];
        await File.WriteAllTextAsync(script, PlainTable.SelectScript(claimed), cancellationToken);

        var usual = new Checks(agency, UsualHits, claimed);
        ILoad[] loads =
        [
            usual, new Checks(agency, 3, claimed), new Checks(agency, 50_000, claimed), new Mix(80, usual, new FreshClaims(agency)),
        ];
        var results = await new Contest(bench,
        [
            .. loads.Select(load => new GridSide(grid, load, "calls/s", load == usual ? null : s_fewerTrials)),
            new PgbenchSide(bench.Postgres, table, bench.Postmaster, "one prepared select by key", "look-ups/s", script),
        ]).RunAsync(cancellationToken);

        bench.AddRatio("recorded checks/s, unary, 5 % hit, against (d) pgbench selecting by key, which records nothing", results[0], results[^1], new Target(0.5, 0.8));
        bench.AddRatio("the same, 0.003 % hit", results[1], results[^1]);
        bench.AddRatio("the same, 50 % hit (a hit is an alert too)", results[2], results[^1]);
        bench.AddRatio("80 % checks of which 5 % hit and 20 % claims, against (d)", results[3], results[^1]);
        bench.Result.Notes.Add($"{claimed:N0} identifiers are claimed by another agency; (d) looks one of as many rows up and finds it every time.");
    }

    /// <summary>Has another agency claim what checks are to hit.</summary>
    /// <returns>How many identifiers.</returns>
    public static async Task<int> FillAsync(RowBench bench, GridOnTrial grid, CancellationToken cancellationToken)
    {
        var count = bench.Options.IsQuick ? ClaimedQuick : Claimed;
        bench.Say($"another agency claims {count:N0} identifiers");
        await using var owner = await grid.ConnectAgencyAsync("owner", connections: 0);
        await owner.ImportAsync(Enumerable.Range(0, count).Select(static number => GeneratedValues.Sha256(number)), static () => { }, cancellationToken);
        return count;
    }
}
