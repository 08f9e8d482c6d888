using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Grouping;
using Deconfliction.Ledger.Migrations;
using Deconfliction.Ledger.Sqlite;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deconfliction.Ledger.Tests;

/// <summary>The compliance suite on SQLite, and what is SQLite's own.</summary>
public sealed class SqliteLedgerTests : LedgerCompliance
{
    private static readonly LedgerOptions Alone = TestStore.Options with { Exclusive = true };

    /// <inheritdoc/>
    protected override Task<TestStore> CreateStoreAsync() => Task.FromResult<TestStore>(new SqliteTestStore());

    [Fact]
    public async Task Open_HeldByAnother_SaysWhoHoldsIt()
    {
        await using var store = new SqliteTestStore();
        await using var first = await store.OpenAsync(Alone with { Holder = "server 42 on here" });

        var alone = await Assert.ThrowsAsync<StoreInUseException>(() => store.OpenAsync(Alone));
        var shared = await Assert.ThrowsAsync<StoreInUseException>(() => store.OpenAsync(TestStore.Options));

        Assert.Contains("is held by server 42 on here since ", alone.Message, StringComparison.Ordinal);
        Assert.Contains("server 42 on here", shared.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_HolderGone_Opens()
    {
        await using var store = new SqliteTestStore();
        await using (await store.OpenAsync(Alone))
        {
            Assert.True(File.Exists(store.StorePath + ".lock"));
        }

        await using var again = await store.OpenAsync(Alone);
        Assert.True(again.Health.IsReachable);
    }

    [Fact]
    public async Task Open_NewStore_IsForItsOwnerOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // no modes there
        }

        await Ledger.RecordAsync(Facts.Draft(Facts.Alpha), Lane.Interactive, None);
        var folder = Path.GetDirectoryName(((SqliteTestStore)Store).StorePath)!;

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        var files = Directory.GetFiles(folder);
        Assert.Contains(files, file => file.EndsWith("-wal", StringComparison.Ordinal));
        foreach (var file in files)
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Open_NewerSchema_IsRefusedNamingBoth()
    {
        await Store.ExecuteAsync("INSERT INTO schema_migration VALUES (99, 'later', 'x', 0)");

        var refused = await Assert.ThrowsAsync<SchemaMismatchException>(() => Store.OpenAsync(TestStore.Options));

        Assert.Contains("schema 99", refused.Message, StringComparison.Ordinal);
        Assert.Contains("knows up to 3", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ChangedMigration_IsRefused()
    {
        await Store.ExecuteAsync("UPDATE schema_migration SET checksum = 'x'");

        var refused = await Assert.ThrowsAsync<SchemaMismatchException>(() => Store.OpenAsync(TestStore.Options));

        Assert.Contains("checksum", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_FileOfAnotherProgram_IsRefused()
    {
        await using var store = new SqliteTestStore();
        Directory.CreateDirectory(Path.GetDirectoryName(store.StorePath)!);
        await store.ExecuteAsync("CREATE TABLE theirs (x)");

        await Assert.ThrowsAsync<SchemaMismatchException>(() => store.OpenAsync(Alone));
    }

    [Fact]
    public async Task Open_WhatIsNoDatabase_IsUnavailable()
    {
        await using var store = new SqliteTestStore();
        Directory.CreateDirectory(Path.GetDirectoryName(store.StorePath)!);
        await File.WriteAllTextAsync(store.StorePath, new string('x', 8192));

        await Assert.ThrowsAsync<LedgerUnavailableException>(() => store.OpenAsync(Alone));
    }

    [Fact]
    public async Task Write_FailedBetweenTwoValues_LeavesItsStatementUsable()
    {
        const string Insert = "INSERT INTO setting (name, value) VALUES (?, ?)";
        await using var store = new SqliteTestStore();
        await using var database = SqliteDatabase.Open(store.StorePath, Alone, MigrationCatalog.Embedded("Sqlite"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => database.WriteAsync<int>(
            session =>
            {
                session.Prepare(Insert).Bind("name");
                throw new InvalidOperationException("Its second value could not be made.");
            },
            None));

        await database.WriteAsync(session => session.Prepare(Insert).Bind("name").Bind("value").Run(), None);

        Assert.Equal("value", await new SqliteLedgerRecords(database, Alone).ReadSettingAsync("name", None));
    }

    // No test can cut the power: what SQLite was told to do for that case is asked for.
    [Fact]
    public async Task Open_Writer_IsDurableAtEachCommit()
    {
        await using var store = new SqliteTestStore();
        await using var database = SqliteDatabase.Open(store.StorePath, Alone, MigrationCatalog.Embedded("Sqlite"));

        var (journal, synchronous) = await database.WriteAsync(
            static session =>
            {
                session.Prepare("PRAGMA journal_mode").TryFirst(static row => row.TextOrNull(), out var mode);
                session.Prepare("PRAGMA synchronous").TryFirst(static row => row.Long(), out var level);
                return (mode, level);
            },
            None);

        Assert.Equal(("wal", 2L), (journal, synchronous)); // FULL
    }

    [Fact]
    public async Task Write_CommitFails_IsNotToldAsDone()
    {
        await using var store = new SqliteTestStore();
        await using var database = SqliteDatabase.Open(store.StorePath, Alone, MigrationCatalog.Embedded("Sqlite"));

        // As SQLite does by itself after some errors: its commit then has nothing to commit.
        await Assert.ThrowsAsync<LedgerUnavailableException>(() => database.WriteAsync(
            static session =>
            {
                session.Execute("INSERT INTO setting (name, value) VALUES ('name', 'value')");
                session.Rollback();
                return 1;
            },
            None));

        Assert.Null(await new SqliteLedgerRecords(database, Alone).ReadSettingAsync("name", None));
    }

    // Were the write lock taken only by the first write, this other writer would come first, and the group could not go on.
    [Fact]
    public async Task Decide_NobodyElseWritesBetweenItsReadAndItsCommit()
    {
        await Ledger.RecordAsync(Facts.Draft(Facts.Alpha), Lane.Interactive, None);
        using var other = SqliteSession.OpenWriter(((SqliteTestStore)Store).StorePath, TimeSpan.Zero);
        Exception? refused = null;
        var late = LateClaim(
            Facts.NewTag(), Facts.Alpha,
            _ => refused = Record.Exception(() => other.Execute("INSERT INTO setting (name, value) VALUES ('of', 'another')")));

        var outcome = await DecideAsync(late);

        Assert.Equal(new AppendOutcome.Committed(1), outcome);
        Assert.Equal(SQLitePCL.raw.SQLITE_BUSY, Assert.IsType<SqliteException>(refused).SqliteErrorCode);
        other.Execute("INSERT INTO setting (name, value) VALUES ('of', 'another')");
    }

    [Fact]
    public async Task Append_DiskFull_WritesNothingSaysSoAndRecovers()
    {
        await using var store = new SqliteTestStore();
        await using var database = SqliteDatabase.Open(store.StorePath, Alone, MigrationCatalog.Embedded("Sqlite"));
        await using var ledger = await GroupedLedger.OpenAsync(
            new SqliteLedgerStore(database, Alone), new SqliteLedgerRecords(database, Alone), Alone, NullLogger.Instance, None);
        await ledger.RecordAsync(Facts.Draft(Facts.Alpha), Lane.Interactive, None);
        var large = Facts.Draft(Facts.Alpha) with { Purpose = new string('x', 100_000) };
        await LimitPagesAsync(1); // SQLite takes the size it has

        var full = await Assert.ThrowsAsync<LedgerUnavailableException>(() => ledger.RecordAsync(large, Lane.Interactive, None));

        Assert.Contains("Free space", full.Message, StringComparison.Ordinal);
        Assert.False(ledger.Health.IsReachable);
        await LimitPagesAsync(1_000_000);
        await ledger.RecordAsync(large, Lane.Interactive, None);
        Assert.True(ledger.Health.IsReachable);
        Assert.Equal(new Auditing.AuditVerification(2, 2, FirstBad: null), await ledger.VerifyAuditAsync(None));

        Task<int> LimitPagesAsync(int pages) => database.WriteAsync(
            session =>
            {
                session.Execute($"PRAGMA max_page_count = {pages}");
                return 0;
            },
            None);
    }
}
