using Deconfliction.Ledger.Postgres;
using Npgsql;

namespace Deconfliction.Ledger.Tests.Postgres;

/// <summary>
/// A process that stands still, or whose cable is cut, between the two round trips of a group: what it had locked is free again although
/// its connection lives.
/// </summary>
public sealed class PostgresStandstillTests
{
    // Against hanging only; the server ends such a session after seconds.
    private const int LimitSeconds = 60;

    [Theory]
    [InlineData("appends")]
    [InlineData("numbering")]
    public async Task Group_NeverGoesOnAfterItsLocks_OthersGetThem(string pool)
    {
        var store = await PostgresTestStore.CreateAsync();
        await using var ledger = await store.OpenAsync(TestStore.Options);
        await using var database = new PostgresDatabase(store.ConnectionString, TestStore.Options);
        await using var still = await (pool == "appends" ? database.Appends : database.Numbering).OpenConnectionAsync();
        await ExecuteAsync(still, "BEGIN");
        await ExecuteAsync(still, "LOCK TABLE claim IN EXCLUSIVE MODE");

        await using var other = new NpgsqlConnection(store.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        await ExecuteAsync(other, "BEGIN");
        await ExecuteAsync(other, "LOCK TABLE claim IN EXCLUSIVE MODE");

        // Who comes back is refused, and has committed nothing.
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ExecuteAsync(still, "COMMIT"));
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = LimitSeconds };
        await command.ExecuteNonQueryAsync();
    }
}
