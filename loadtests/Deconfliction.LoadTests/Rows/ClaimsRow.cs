using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Rows.Sides;

namespace Deconfliction.LoadTests.Rows;

/// <summary>Durable claims on fresh identifiers: the grid, PostgreSQL itself, and the service that a team would write.</summary>
internal sealed class ClaimsRow : IRow
{
    public string Name => "claims";

    public async Task RunAsync(RowBench bench, CancellationToken cancellationToken)
    {
        await using var grid = await bench.StartGridAsync(cancellationToken);
        await using var agency = await grid.ConnectAgencyAsync("caller", GridSide.Connections);
        await using var plain = await PlainServiceSide.StartAsync(await bench.CreateDatabaseAsync(cancellationToken), bench.Postmaster, cancellationToken);
        var table = await bench.CreateDatabaseAsync(cancellationToken);
        await PlainTable.CreateAsync(table, filled: 0, cancellationToken);
        var script = grid["claim.pgbench"];
        await File.WriteAllTextAsync(script, PlainTable.ClaimScript, cancellationToken);

        var results = await new Contest(bench,
        [
            new GridSide(grid, new FreshClaims(agency), "claims/s"),
            new PgbenchSide(bench.Postgres, table, bench.Postmaster, "the same claim as two prepared statements in a transaction", "claims/s", script),
            plain,
        ]).RunAsync(cancellationToken);

        bench.AddRatio("durable claims/s, unary gRPC over mutual TLS, solo on PostgreSQL, against (a) pgbench", results[0], results[1], new Target(2.0, 3.0));
        bench.AddRatio("the same against (b) the plain service", results[0], results[2], new Target(3.0, 5.0));
        bench.Result.Notes.Add("(a) and (b) keep no audit record, no request ids, no overlaps and no alerts, and their values in clear; the grid does all of it with each claim.");
    }
}
