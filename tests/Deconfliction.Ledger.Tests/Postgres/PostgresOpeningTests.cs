using Deconfliction.Domain.Deciding;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Migrations;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Deconfliction.Ledger.Tests.Postgres;

/// <summary>Who may open a database, and which database may be opened.</summary>
public sealed class PostgresOpeningTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    private static LedgerOptions Alone => TestStore.Options with { Exclusive = true, Holder = "the first server" };

    [Fact]
    public async Task Open_AStoreThatAnotherHolds_IsToldWhoDoesAndSinceWhen()
    {
        var store = await PostgresTestStore.CreateAsync();
        await using (await store.OpenAsync(Alone))
        {
            var refusal = await Assert.ThrowsAsync<StoreInUseException>(() => store.OpenAsync(Alone with { Holder = "another" }));
            Assert.Matches("the first server since 2[0-9]{3}-", refusal.Message);
            await Assert.ThrowsAsync<StoreInUseException>(() => store.OpenAsync(TestStore.Options));
        }

        await using var next = await store.OpenAsync(Alone);
    }

    [Fact]
    public async Task Open_AloneWhileSilosShare_IsRefused()
    {
        var store = await PostgresTestStore.CreateAsync();
        await using var silo = await store.OpenAsync(TestStore.Options);
        await using var other = await store.OpenAsync(TestStore.Options);

        await Assert.ThrowsAsync<StoreInUseException>(() => store.OpenAsync(Alone));
    }

    [Fact]
    public async Task LockTakenByAnother_RefusesWritesAndSaysSo_UntilThatOneIsGone()
    {
        var store = await PostgresTestStore.CreateAsync();
        await using var ledger = await store.OpenAsync(Alone);
        await using (var thief = new NpgsqlConnection(store.ConnectionString + ";Pooling=false;Application Name=a thief"))
        {
            await thief.OpenAsync();
            await ExecuteAsync(thief, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'the first server'");
            await ExecuteAsync(thief, "SELECT pg_advisory_lock(1684236147, 1)");
            var refusal = await RefusalAsync(ledger);

            Assert.Contains("a thief", refusal.Message, StringComparison.Ordinal);
            Assert.False(ledger.Health.IsReachable);
            Assert.Contains("a thief", ledger.Health.Problem, StringComparison.Ordinal);
        }

        await WrittenAsync(ledger);
    }

    [Theory]
    [InlineData(";Options=-c synchronous_commit=off", null)]
    [InlineData("", "synchronous_commit = off")]
    [InlineData("", "synchronous_commit = local")]
    public async Task Open_WhereWhatIsAcknowledgedCouldBeLost_IsRefusedWithTheRemedy(string options, string? setting)
    {
        var store = await PostgresTestStore.CreateAsync();
        if (setting is not null)
        {
            await store.ExecuteAsync($"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {setting}', current_database()); END $$");
        }

        var refusal = await Assert.ThrowsAsync<LedgerUnavailableException>(() => LedgerFactory.OpenPostgresAsync(
            store.ConnectionString + options, TestStore.Options, NullLoggerFactory.Instance, None));

        Assert.Contains("synchronous_commit", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("RESET synchronous_commit", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ADatabaseNewerThanTheProgram_IsRefused()
    {
        var store = await PostgresTestStore.CreateAsync();
        await using (await store.OpenAsync(TestStore.Options))
        {
        }

        await store.ExecuteAsync("INSERT INTO schema_migration (number, name, checksum) VALUES (999, 'future', 'x')");

        var refusal = await Assert.ThrowsAsync<SchemaMismatchException>(() => store.OpenAsync(TestStore.Options));
        Assert.Contains("999", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_AnotherProgramsDatabase_IsRefused()
    {
        var store = await PostgresTestStore.CreateAsync();
        await store.ExecuteAsync("CREATE TABLE claim (id integer)");

        await Assert.ThrowsAsync<SchemaMismatchException>(() => store.OpenAsync(TestStore.Options));
    }

    [Fact]
    public async Task Open_ManyAtOnce_MigratesOnce()
    {
        var store = await PostgresTestStore.CreateAsync();

        var ledgers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => store.OpenAsync(TestStore.Options)));
        foreach (var ledger in ledgers)
        {
            await ledger.DisposeAsync();
        }

        Assert.Equal(
            (long)MigrationCatalog.Embedded("Postgres").Newest, await store.ReadAsync("SELECT count(*) FROM schema_migration"));
    }

    [Fact]
    public async Task Open_AServerThatIsNotThere_IsRefusedWithTheRemedy()
    {
        var refusal = await Assert.ThrowsAsync<LedgerUnavailableException>(() => LedgerFactory.OpenPostgresAsync(
            "Host=127.0.0.1;Port=1;Username=nobody;Database=none", TestStore.Options, NullLoggerFactory.Instance, None));

        Assert.Contains("host and port", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<LedgerUnavailableException> RefusalAsync(ILedger ledger)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                await AppendAsync(ledger);
            }
            catch (LedgerUnavailableException refusal) when (refusal.Message.Contains("was lost to", StringComparison.Ordinal))
            {
                return refusal;
            }
        }
    }

    private static async Task WrittenAsync(ILedger ledger)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            limit.Token.ThrowIfCancellationRequested();
            try
            {
                await AppendAsync(ledger);
                return;
            }
            catch (LedgerUnavailableException)
            {
                await Task.Yield();
            }
        }
    }

    private static async Task AppendAsync(ILedger ledger) => Assert.IsType<AppendOutcome.Committed>(await ledger.AppendAsync(
        Facts.Append(
            Facts.NewTag(),
            Guid.CreateVersion7(),
            0,
            Facts.Draft(Facts.Alpha),
            new IdentifierEvent.ClaimMade(Facts.Claim(Facts.Alpha, ledger.Now))),
        Lane.Interactive,
        None));

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
