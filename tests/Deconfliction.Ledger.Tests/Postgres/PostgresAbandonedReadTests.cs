using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Postgres;
using Deconfliction.Testing;
using Deconfliction.Testing.Processes;
using Npgsql;

namespace Deconfliction.Ledger.Tests.Postgres;

/// <summary>A caller who stops waiting for a read; and a driver that has lost the protocol's thread.</summary>
public sealed class PostgresAbandonedReadTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Read_CallerStopsWaiting_IsLetGoAndTheStatementEndsByItself()
    {
        var store = await PostgresTestStore.CreateAsync(await PostgresServer.CommonAsync());
        await using var ledger = await store.OpenAsync(TestStore.Options);
        await using var other = new NpgsqlConnection(store.ConnectionString);
        await other.OpenAsync();
        await using var holding = await other.BeginTransactionAsync();
        await using (var locking = new NpgsqlCommand("LOCK TABLE feed IN ACCESS EXCLUSIVE MODE", other, holding))
        {
            await locking.ExecuteNonQueryAsync();
        }

        using var patience = new CancellationTokenSource();
        var reading = ledger.ReadFeedBoundsAsync(Facts.Alpha, patience.Token);
        await Waiting.UntilAsync("the read waits for the lock", Limit, async () => await WaitingAsync(other, holding) == 1);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);

        // A statement that the driver had cancelled would not be there any more when its caller is told.
        Assert.Equal(1, await WaitingAsync(other, holding));
        await holding.RollbackAsync();
        Assert.Equal(0, (await ledger.ReadFeedBoundsAsync(Facts.Alpha, None)).Head);
    }

    [Theory]
    [InlineData(false, typeof(LedgerUnavailableException))]
    [InlineData(true, typeof(OutcomeUnknownException))]
    public void Translate_DriverLostTheProtocol_SaysWhatBecameOfIt(bool commitSent, Type expected)
    {
        var lost = new Exception("Received unexpected backend message BindComplete.") { Source = "Npgsql" };

        Assert.IsType(expected, PostgresErrors.Translate(lost, commitSent, None));
        Assert.True(PostgresErrors.IsConnectionLost(lost));
        Assert.Null(PostgresErrors.Translate(new Exception("A mistake of our own."), commitSent, None));
    }

    // By the locks: in a transaction pg_stat_activity says again and again what it said first.
    private static async Task<long> WaitingAsync(NpgsqlConnection connection, NpgsqlTransaction transaction)
    {
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'feed'::regclass", connection, transaction);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
