using Deconfliction.Contract.Attacks;

namespace Deconfliction.EndToEnd.Tests;

/// <summary>Attack 11 of FAULTS.md on SQLite: its files while they are written, and as a kill leaves them.</summary>
public sealed class SqliteCanaryTests
{
    [Fact]
    public async Task Values_OnSqlite_AreNowhereInClear()
    {
        await using var grid = await OnSqlite.StartAsync();
        await Canary.UseAsync(grid);

        Canary.AssertAbsent([.. grid.Files().Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))], grid);
        await grid.KillAsync();
        Canary.AssertAbsent(grid.Files(), grid);
    }
}
