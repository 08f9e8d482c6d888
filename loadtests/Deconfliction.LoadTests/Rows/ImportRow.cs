using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Rows.Sides;
using Deconfliction.LoadTests.Setup;

namespace Deconfliction.LoadTests.Rows;

/// <summary>Durable claims over import streams, against PostgreSQL itself.</summary>
internal sealed class ImportRow : IRow
{
    public string Name => "import";

    public async Task RunAsync(RowBench bench, CancellationToken cancellationToken)
    {
        await using var grid = await bench.StartGridAsync(cancellationToken);
        await using var streams = await ImportStreams.ConnectAsync(grid, cancellationToken);
        var table = await bench.CreateDatabaseAsync(cancellationToken);
        await PlainTable.CreateAsync(table, filled: 0, cancellationToken);
        var script = grid["claim.pgbench"];
        await File.WriteAllTextAsync(script, PlainTable.ClaimScript, cancellationToken);

        var results = await new Contest(bench,
        [
            new ImportSide(grid, streams.Agencies),
            new PgbenchSide(bench.Postgres, table, bench.Postmaster, "the same claim as two prepared statements in a transaction", "claims/s", script),
        ]).RunAsync(cancellationToken);

        bench.AddRatio("durable claims/s, streaming import, against (a) pgbench", results[0], results[1], new Target(3.5, 6.0));
    }
}
