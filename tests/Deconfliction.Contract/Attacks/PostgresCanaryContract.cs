using Deconfliction.Contract.Setup;
using Deconfliction.Testing;

namespace Deconfliction.Contract.Attacks;

/// <summary>
/// Attack 11 of FAULTS.md on PostgreSQL: its tables and write-ahead log, a log that holds every statement with its parameters, and what the
/// nodes keep beside it.
/// </summary>
public abstract class PostgresCanaryContract<TEdition>
    where TEdition : IPostgresEdition
{
    [Fact]
    public async Task Values_OnPostgres_AreNowhereInClear()
    {
        await using var postgres = await PostgresServer.StartNewAsync(
            CancellationToken.None, settings: ["shared_buffers=64MB", "log_min_duration_statement=0"]);
        await using var grid = await TEdition.StartOnAsync(postgres);
        await Canary.UseAsync(grid);

        await postgres.StopAtOnceAsync();
        var files = Directory.GetFiles(postgres.DataFolder, "*", SearchOption.AllDirectories);
        Assert.Contains(files, file => file.Contains("pg_wal", StringComparison.Ordinal));
        Assert.Contains("parameters: $1", await File.ReadAllTextAsync(postgres.LogFile), StringComparison.OrdinalIgnoreCase);
        Canary.AssertAbsent([postgres.LogFile, .. files, .. grid.Files()], grid);
    }
}
