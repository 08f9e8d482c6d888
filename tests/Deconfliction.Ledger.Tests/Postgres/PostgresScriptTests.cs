using Deconfliction.Ledger.Migrations;
using Deconfliction.Ledger.Postgres;
using Deconfliction.Testing.Processes;
using Npgsql;

namespace Deconfliction.Ledger.Tests.Postgres;

/// <summary>Steps that one process at a time may take in a database, and those who wait for them.</summary>
public sealed class PostgresScriptTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    // Against hanging only.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly HeardLog _log = new();

    [Fact]
    public async Task Enter_WhileAnotherIsInside_SaysForWhomItWaitsAndEntersAfterIt()
    {
        var store = await PostgresTestStore.CreateAsync();
        var first = await Steps(store, "silo one").EnterAsync("first steps", None);
        var waiting = Steps(store, "silo two").EnterAsync("first steps", None);
        await Waiting.UntilAsync("it has said so twice", Limit, () => _log.Said.Count >= 2);
        Assert.False(waiting.IsCompleted);
        Assert.All(_log.Said, line => Assert.Matches("Waiting for 'first steps' since [0-9]+ s: silo one since 2[0-9]{3}-.* is inside \\(server process [0-9]+\\)", line));

        await using (await Steps(store, "silo three").EnterAsync("other steps", None))
        {
            // Under another name nobody waits.
        }

        await first.DisposeAsync();
        await (await waiting.WaitAsync(Limit)).DisposeAsync();
    }

    [Fact]
    public async Task EnterOrApply_WhileAnotherStaysInside_FailsWithItsNameAndWhatToDo()
    {
        var store = await PostgresTestStore.CreateAsync();
        await using var first = await Steps(store, "silo one").EnterAsync("orleans.sql", None);
        var second = Steps(store, "silo two", TimeSpan.FromMilliseconds(300));

        foreach (var attempt in (Func<Task>[])[() => second.EnterAsync("orleans.sql", None), () => second.ApplyAsync("orleans.sql", "CREATE TABLE made (one integer)", None)])
        {
            var refusal = (await Assert.ThrowsAsync<LedgerUnavailableException>(() => attempt().WaitAsync(Limit))).Message;
            Assert.Contains("for silo one since", refusal, StringComparison.Ordinal);
            var holder = await store.ReadAsync("SELECT pid FROM pg_stat_activity WHERE application_name = 'silo one' AND datname = current_database()");
            Assert.Contains($"SELECT pg_terminate_backend({holder})", refusal, StringComparison.Ordinal);
        }

        Assert.Equal(0L, await store.ReadAsync("SELECT count(*) FROM pg_tables WHERE tablename = 'made'"));
    }

    [Fact]
    public async Task Migrate_WhileAnotherMigrates_SaysForWhomItWaitsAndFailsInTime()
    {
        var store = await PostgresTestStore.CreateAsync();
        await using var first = await Steps(store, "silo one").EnterAsync(PostgresMigrator.Name, None);

        var refusal = await Assert.ThrowsAsync<LedgerUnavailableException>(() => PostgresMigrator.MigrateAsync(
            Steps(store, "the server", TimeSpan.FromSeconds(2)), MigrationCatalog.Embedded("Postgres"), None).WaitAsync(Limit));

        Assert.All(_log.Said, line => Assert.StartsWith("Waiting for 'the ledger's migrations' since ", line, StringComparison.Ordinal));
        Assert.True(_log.Said.Count >= 2, string.Join('\n', _log.Said));
        Assert.Matches("for silo one since 2[0-9]{3}-.* to be done with 'the ledger's migrations'.*SELECT pg_terminate_backend", refusal.Message);
        Assert.Equal(0L, await store.ReadAsync("SELECT count(*) FROM pg_tables WHERE tablename = 'schema_migration'"));
    }

    [Fact]
    public async Task Apply_WhereAnotherSessionKeepsATableLocked_FailsInTime()
    {
        var store = await PostgresTestStore.CreateAsync();
        await store.ExecuteAsync("CREATE TABLE kept (one integer)");
        await using var other = new NpgsqlConnection(store.ConnectionString);
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("LOCK TABLE kept", other, transaction))
        {
            await command.ExecuteNonQueryAsync();
        }

        var refusal = await Assert.ThrowsAsync<LedgerUnavailableException>(() => Steps(store, "silo one", TimeSpan.FromMilliseconds(300))
            .ApplyAsync("some.sql", "ALTER TABLE kept ADD COLUMN two integer", None).WaitAsync(Limit));

        Assert.Contains("lock timeout. Its tables must be", refusal.Message, StringComparison.Ordinal);
    }

    // What is done inside goes over other connections, and this one is silent for as long as that takes.
    [Fact]
    public async Task Enter_WhereTheDatabaseEndsIdleSessions_StaysInside()
    {
        var store = await PostgresTestStore.CreateAsync();
        await store.ExecuteAsync("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET idle_session_timeout = 1000', current_database()); END $$");
        await using var inside = await Steps(store, "silo one").EnterAsync("first steps", None);
        await using var witness = new NpgsqlConnection(store.ConnectionString + ";Pooling=false;Application Name=an idle one");
        await witness.OpenAsync();

        await Waiting.UntilAsync("the database has ended an idle session that began later", Limit, async () => await SessionsAsync(store, "an idle one") == 0);

        Assert.Equal(1, await SessionsAsync(store, "silo one"));
    }

    private static async Task<long> SessionsAsync(PostgresTestStore store, string name)
    {
        await using var source = NpgsqlDataSource.Create(store.ConnectionString + ";Pooling=false;Options=-c idle_session_timeout=0");
        await using var command = source.CreateCommand("SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()");
        command.Parameters.AddWithValue(name);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private PostgresScript Steps(PostgresTestStore store, string holder, TimeSpan? limit = null) =>
        new(store.ConnectionString, holder, _log) { Limit = limit ?? Limit, WordEvery = TimeSpan.FromMilliseconds(100) };
}
