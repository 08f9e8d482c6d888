using Deconfliction.Contract.Setup;
using Deconfliction.Testing;

namespace Deconfliction.Contract.Attacks;

/// <summary>Attack 11 of FAULTS.md on PostgreSQL: its tables, write-ahead log and log, and what the nodes keep beside it.</summary>
public abstract class PostgresCanaryContract<TEdition>
    where TEdition : IPostgresEdition
{
    [Fact]
    public async Task Values_OnPostgres_AreNowhereInClear()
    {
        await using var postgres = await PostgresServer.StartNewAsync(CancellationToken.None);
        await using var grid = await TEdition.StartOnAsync(postgres);
        await Canary.UseAsync(grid);

        await postgres.StopAtOnceAsync();
        var files = Directory.GetFiles(postgres.DataFolder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.Contains("pg_wal", StringComparison.Ordinal));
        Canary.AssertAbsent([.. files, .. grid.Files()], grid);
    }
}
