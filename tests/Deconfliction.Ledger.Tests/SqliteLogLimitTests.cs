using Deconfliction.Ledger.Migrations;
using Deconfliction.Ledger.Sqlite;

namespace Deconfliction.Ledger.Tests;

/// <summary>The write-ahead log stays short whoever reads.</summary>
public sealed class SqliteLogLimitTests : IAsyncLifetime
{
    private const int Limit = 1024 * 1024;
    private static readonly TimeSpan HangLimit = TimeSpan.FromSeconds(60);
    private static readonly LedgerOptions Alone = TestStore.Options with { Exclusive = true };

    private readonly SqliteTestStore _store = new();
    private readonly SqliteDatabase _database;
    private int _writes;

    public SqliteLogLimitTests() => _database =
        SqliteDatabase.Open(_store.StorePath, Alone, MigrationCatalog.Embedded("Sqlite"), Limit);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _database.DisposeAsync();
        await _store.DisposeAsync();
    }

    // At each instant some reader is in the log: each stays until the next has come.
    [Fact]
    public async Task Write_WithShortReadersWithoutPause_KeepsTheLogShort()
    {
        using var enough = new CancellationTokenSource();
        using var relay = new Relay();
        var readers = Enumerable.Range(0, 2).Select(_ => ReadOnAsync(relay, enough.Token)).ToList();
        var longest = 0L;
        try
        {
            await relay.WaitForReadsAsync(2);
            for (var i = 0; i < 320; i++)
            {
                await WriteAsync(100_000); // 32 MB in all
                longest = Math.Max(longest, LogLength());
            }
        }
        finally
        {
            await enough.CancelAsync();
            await Task.WhenAll(readers).WaitAsync(HangLimit);
        }

        Assert.InRange(longest, Limit / 2, 8 * Limit);
    }

    // A backup, say: its writers go on, and once it is over the log is short again.
    [Fact]
    public async Task Write_WithALongReader_GoesOnAndShortensTheLogAfterIt()
    {
        await WriteAsync(100_000);
        using var reader = SqliteSession.OpenReader(_store.StorePath, Alone.ConnectTimeout);
        reader.BeginRead();
        Count(reader);

        for (var i = 0; i < 40; i++)
        {
            await WriteAsync(100_000);
        }

        Assert.InRange(LogLength(), 2 * Limit, long.MaxValue);
        reader.Rollback();
        for (var i = 0; i < 160 && LogLength() > Limit; i++)
        {
            await WriteAsync(100_000);
        }

        Assert.InRange(LogLength(), 0, Limit);
    }

    private long LogLength() => new FileInfo(_store.StorePath + "-wal").Length;

    // Another value each time: what is the same already, SQLite does not write.
    private Task<int> WriteAsync(int length) => _database.WriteAsync(
        session => session.Prepare("INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value")
            .Bind("large").Bind(new string((char)('a' + (_writes++ % 26)), length)).Run(),
        CancellationToken.None);

    // On threads of their own: they wait for each other, and the pool's are the writer's.
    private Task ReadOnAsync(Relay relay, CancellationToken enough) => Task.Factory.StartNew(
        () =>
        {
            using var session = SqliteSession.OpenReader(_store.StorePath, Alone.ConnectTimeout);
            while (!enough.IsCancellationRequested)
            {
                session.BeginRead();
                Count(session);
                relay.PassOn(enough);
                session.Rollback();
            }
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    // The first statement of a transaction takes its snapshot.
    private static void Count(SqliteSession session) =>
        session.Prepare("SELECT count(*) FROM setting").TryFirst(static row => row.Long(), out _);

    // Whoever has come frees the one before.
    private sealed class Relay : IDisposable
    {
        private readonly Lock _lock = new();
        private readonly SemaphoreSlim _reads = new(0);
        private SemaphoreSlim _next = new(0);

        public void PassOn(CancellationToken enough)
        {
            var mine = new SemaphoreSlim(0);
            lock (_lock)
            {
                _next.Release();
                _next = mine;
            }

            _reads.Release();
            try
            {
                mine.Wait(HangLimit, enough);
            }
            catch (OperationCanceledException)
            {
                // Nobody comes any more.
            }
        }

        public async Task WaitForReadsAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(await _reads.WaitAsync(HangLimit));
            }
        }

        public void Dispose() => _reads.Dispose();
    }
}
