using System.Diagnostics;
using Deconfliction.LoadTests.Loads;
using Deconfliction.LoadTests.Measuring;
using Deconfliction.LoadTests.Rows.Results;
using Deconfliction.LoadTests.Rows.Sides;
using Deconfliction.LoadTests.Setup;
using Npgsql;

namespace Deconfliction.LoadTests.Rows;

/// <summary>Claims on fresh identifiers beside 10,000,000 live claims, against beside 100,000: two servers, two stores, in turn.</summary>
internal sealed class LargeRow : IRow
{
    private const int Few = 100_000;

    public string Name => "large";

    public bool IsLarge => true;

    public async Task RunAsync(RowBench bench, CancellationToken cancellationToken)
    {
        var many = bench.Options.LargeClaims;
        await using var large = await StartAsync(bench, many, cancellationToken);
        await using var small = await StartAsync(bench, Few, cancellationToken);
        await using var largeAgency = await large.ConnectAgencyAsync("caller", GridSide.Connections);
        await using var smallAgency = await small.ConnectAgencyAsync("caller", GridSide.Connections);
        var results = await new Contest(bench,
        [
            new GridSide(large, new BesideClaims(new FreshClaims(largeAgency), many), "claims/s"),
            new GridSide(small, new BesideClaims(new FreshClaims(smallAgency), Few), "claims/s"),
        ]).RunAsync(cancellationToken);

        bench.AddRatio(
            $"--large: claims/s at {many:N0} live claims against {Few:N0}", results[0], results[1],
            many == RowCommand.AskedLargeClaims ? new Target(0.7, 0.9) : null);
        bench.Add($"resident memory of the server, {many:N0} live claims", "MB", [ResidentMemory.Of(large.Server.ProcessId).Now]);
    }

    // The server makes the tables, and its keys; then the ledger is filled while the server is away.
    private static async Task<GridOnTrial> StartAsync(RowBench bench, int claims, CancellationToken cancellationToken)
    {
        var connection = await bench.CreateDatabaseAsync(cancellationToken);
        var grid = await GridOnTrial.StartAsync(connection, cancellationToken);
        try
        {
            await grid.AddAgenciesAsync(["owner"], cancellationToken);
            await grid.StopServerAsync();
            long done = 0;
            var started = Stopwatch.GetTimestamp();
            await bench.Progress.FollowAsync(
                $"{bench.Result.Row}: filling", FillAsync(connection, claims, () => Interlocked.Increment(ref done), cancellationToken), () => Interlocked.Read(ref done));
            var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
            bench.Say($"{claims:N0} claims written through the ledger in {seconds:0} s, {claims / seconds:N0}/s; settling");
            await SettleAsync(connection, cancellationToken);
            started = Stopwatch.GetTimestamp();
            await grid.Server.StartAsync();
            bench.Say($"ready again after {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} s");
            return grid;
        }
        catch
        {
            await grid.DisposeAsync();
            throw;
        }
    }

    private static async Task<bool> FillAsync(string connection, int claims, Action written, CancellationToken cancellationToken)
    {
        await LedgerFill.RunAsync(connection, claims, written, cancellationToken);
        return true;
    }

    // What autovacuum would do in its own time, so that it does not fall into one of the rounds.
    private static async Task SettleAsync(string connection, CancellationToken cancellationToken)
    {
        await using var database = NpgsqlDataSource.Create(connection + ";Pooling=false;Command Timeout=1800");
        foreach (var step in (string[])["VACUUM ANALYZE", "CHECKPOINT"])
        {
            await using var command = database.CreateCommand(step);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private sealed class BesideClaims(ILoad load, int live) : ILoad
    {
        public string Name => $"{load.Name}, beside {live:N0} live claims";

        public Task CallAsync(int caller, CancellationToken cancellationToken) => load.CallAsync(caller, cancellationToken);
    }
}
