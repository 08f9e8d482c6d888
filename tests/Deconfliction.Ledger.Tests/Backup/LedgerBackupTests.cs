using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Backup;
using Deconfliction.Ledger.Migrations;
using Deconfliction.Ledger.Postgres;
using Deconfliction.Ledger.Tests.Postgres;
using Deconfliction.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Deconfliction.Ledger.Tests.Backup;

/// <summary>F20: the restored ledger equals the backed-up one, on and across both databases, and says from when it is.</summary>
public sealed class LedgerBackupTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    // Against hanging only.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("deconfliction-backup-").FullName;
    private readonly List<TestStore> _stores = [];

    private string BackupPath => Path.Combine(_folder, "ledger.backup");

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var store in _stores)
        {
            await store.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("sqlite", "sqlite")]
    [InlineData("sqlite", "postgres")]
    [InlineData("postgres", "sqlite")]
    [InlineData("postgres", "postgres")]
    public async Task Restore_OfABackupTakenUnderWrites_IsTheSameLedger(string from, string to)
    {
        var (source, sourceStore) = await StoreAsync(from);
        await using var ledger = await sourceStore.OpenAsync(TestStore.Options);
        var before = await FillAsync(ledger);
        using var stop = new CancellationTokenSource();
        var writing = Task.WhenAll(Enumerable.Range(0, 16).Select(_ => WriteUntilAsync(ledger, stop.Token)));

        var taken = await LedgerBackup.WriteAsync(source, BackupPath, TestStore.Options, None);
        await stop.CancelAsync();
        Assert.All(await writing, written => Assert.True(written > 0));

        var (target, targetStore) = await StoreAsync(to);
        var restored = await LedgerBackup.RestoreAsync(target, BackupPath, TestStore.Options, NullLoggerFactory.Instance, None);

        Assert.Equal(taken.TakenAt, restored.TakenAt);
        Assert.InRange(taken.TakenAt, before, ledger.Now);
        Assert.Null(restored.Audit!.FirstBad);
        Assert.True(restored.Audit.Entries > 0);
        Assert.All(restored.Rows, table => Assert.True(table.Value > 0, table.Key));
        await LedgerBackup.WriteAsync(target, BackupPath + "2", TestStore.Options, None);
        AssertSameRows(BackupPath, BackupPath + "2");

        await using var copy = await targetStore.OpenAsync(TestStore.Options);
        await CommitClaimAsync(copy);
        Assert.Null((await copy.VerifyAuditAsync(None)).FirstBad);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Restore_OfADamagedFile_IsRefusedAndChangesNothing(string to)
    {
        await BackUpAsync("sqlite");
        var whole = await File.ReadAllBytesAsync(BackupPath);
        var (target, store) = await StoreAsync(to);
        byte[][] damaged =
        [
            [.. whole.Select((value, i) => i == whole.Length / 2 ? (byte)(value ^ 1) : value)],
            whole[..(whole.Length / 2)],
            whole[..^1],
            [],
            RandomNumberGenerator.GetBytes(100),
        ];
        foreach (var content in damaged)
        {
            await File.WriteAllBytesAsync(BackupPath, content);
            await Assert.ThrowsAsync<BackupRefusedException>(() => LedgerBackup.RestoreAsync(target, BackupPath, TestStore.Options, NullLoggerFactory.Instance, None));
        }

        await using var ledger = await store.OpenAsync(TestStore.Options);
        Assert.Equal(0, (await ledger.ReadStatisticsAsync(None)).Identifiers);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Restore_WhoseLastTableCannotBeWritten_ChangesNothing(string to)
    {
        await BackUpAsync("sqlite");
        await EditAsync("setting.ndjson", _ => "[\"twice\",\"a\"]\n[\"twice\",\"b\"]\n");
        var (target, store) = await StoreAsync(to);

        await Assert.ThrowsAnyAsync<Exception>(() => LedgerBackup.RestoreAsync(target, BackupPath, TestStore.Options, NullLoggerFactory.Instance, None));

        await using var ledger = await store.OpenAsync(TestStore.Options);
        Assert.Equal(0, (await ledger.ReadStatisticsAsync(None)).Identifiers);
    }

    [Fact]
    public async Task Restore_OfANewerFormat_IsRefusedAndSaysSo()
    {
        await BackUpAsync("sqlite");
        await EditAsync("manifest.json", text => text.Replace("\"format\": 1", "\"format\": 2", StringComparison.Ordinal));
        var (target, _) = await StoreAsync("sqlite");

        var refusal = await Assert.ThrowsAsync<BackupRefusedException>(
            () => LedgerBackup.RestoreAsync(target, BackupPath, TestStore.Options, NullLoggerFactory.Instance, None));

        Assert.Contains("format 2", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Restore_IntoAStoreThatIsNotEmpty_IsRefused(string to)
    {
        await BackUpAsync("sqlite");
        var (target, store) = await StoreAsync(to);
        await using (var ledger = await store.OpenAsync(TestStore.Options))
        {
            await ledger.WriteSettingAsync("key.1", "check value", None);
        }

        var refusal = await Assert.ThrowsAsync<BackupRefusedException>(
            () => LedgerBackup.RestoreAsync(target, BackupPath, TestStore.Options, NullLoggerFactory.Instance, None));

        Assert.Contains("not empty", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sqlite")]
    [InlineData("postgres")]
    public async Task Restore_WhileAServerHasTheStore_IsRefused(string to)
    {
        await BackUpAsync("sqlite");
        var (target, store) = await StoreAsync(to);
        await using var ledger = await store.OpenAsync(TestStore.Options with { Exclusive = true });

        await Assert.ThrowsAsync<StoreInUseException>(() => LedgerBackup.RestoreAsync(target, BackupPath, TestStore.Options, NullLoggerFactory.Instance, None));
    }

    [Fact]
    public async Task Restore_WhileAnotherMigrates_SaysForWhomItWaits_AndGoesOnAfterIt()
    {
        await BackUpAsync("sqlite");
        var store = await PostgresTestStore.CreateAsync();
        using var log = new HeardLog();
        var inside = await new PostgresScript(store.ConnectionString, "silo one", log).EnterAsync(PostgresMigrator.Name, None);

        var restoring = LedgerBackup.RestoreAsync(new LedgerLocation.Postgres(store.ConnectionString), BackupPath, TestStore.Options, log, None);
        await Waiting.UntilAsync("it has said so", Limit, () => restoring.IsCompleted || !log.Said.IsEmpty);
        Assert.Matches("Waiting for 'the ledger's migrations' since [0-9]+ s: silo one since 2[0-9]{3}-.* is inside", log.Said.First());

        await inside.DisposeAsync();
        Assert.NotNull((await restoring.WaitAsync(Limit)).Audit);
    }

    // Under SHARE, as while an index is built, others may read.
    [Theory]
    [InlineData("ACCESS EXCLUSIVE", true)]
    [InlineData("ACCESS EXCLUSIVE", false)]
    [InlineData("SHARE", true)]
    public async Task RestoreOrWrite_WhereAnotherSessionKeepsATableLocked_FailsInTimeWithItsName(string mode, bool restores)
    {
        await BackUpAsync("sqlite");
        var store = await PostgresTestStore.CreateAsync();
        var options = TestStore.Options with { CommandTimeout = TimeSpan.FromSeconds(5) };
        await (await store.OpenAsync(options)).DisposeAsync();
        await using var other = new NpgsqlConnection(store.ConnectionString + ";Pooling=false;Application Name=a curious one");
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand($"LOCK TABLE claim IN {mode} MODE", other, transaction))
        {
            await command.ExecuteNonQueryAsync();
        }

        var location = new LedgerLocation.Postgres(store.ConnectionString);
        var refusal = await Assert.ThrowsAsync<LedgerUnavailableException>(() => (restores
            ? LedgerBackup.RestoreAsync(location, BackupPath, options, NullLoggerFactory.Instance, None)
            : LedgerBackup.WriteAsync(location, BackupPath + "2", options, None)).WaitAsync(Limit));

        Assert.Matches(
            $"locked by a curious one since 2[0-9]{{3}}-.*, and nothing was done.*pg_terminate_backend\\({other.ProcessID}\\)", refusal.Message);
    }

    [Fact]
    public async Task Write_IntoNoFolder_SaysWhichIsMissing()
    {
        var (source, _) = await StoreAsync("sqlite");
        var folder = BackupPath + ".absent";

        var refusal = await Assert.ThrowsAsync<BackupRefusedException>(
            () => LedgerBackup.WriteAsync(source, Path.Combine(folder, "backup"), TestStore.Options, None));

        Assert.StartsWith($"There is no folder {folder}.", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Write_LeavesOneFileForItsOwnerOnly_AndNeverReplacesOne()
    {
        await BackUpAsync("sqlite");

        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(BackupPath));
        }

        var (source, _) = await StoreAsync("sqlite");
        await Assert.ThrowsAsync<BackupRefusedException>(() => LedgerBackup.WriteAsync(source, BackupPath, TestStore.Options, None));
        var folder = await Assert.ThrowsAsync<BackupRefusedException>(() => LedgerBackup.WriteAsync(source, _folder, TestStore.Options, None));
        Assert.EndsWith("is a folder. Name a file.", folder.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<LedgerUnavailableException>(
            () => LedgerBackup.WriteAsync(source, BackupPath + "2", TestStore.Options, None));
        Assert.Equal([BackupPath], Directory.GetFiles(_folder));
    }

    private async Task BackUpAsync(string from)
    {
        var (source, store) = await StoreAsync(from);
        await using var ledger = await store.OpenAsync(TestStore.Options);
        await FillAsync(ledger);
        await LedgerBackup.WriteAsync(source, BackupPath, TestStore.Options, None);
    }

    private async Task<(LedgerLocation Location, TestStore Store)> StoreAsync(string kind)
    {
        if (kind == "sqlite")
        {
            var sqlite = new SqliteTestStore();
            Directory.CreateDirectory(Path.GetDirectoryName(sqlite.StorePath)!);
            _stores.Add(sqlite);
            return (new LedgerLocation.Sqlite(sqlite.StorePath), sqlite);
        }

        var postgres = await PostgresTestStore.CreateAsync();
        _stores.Add(postgres);
        return (new LedgerLocation.Postgres(postgres.ConnectionString), postgres);
    }

    // Something in every table, with every column that may hold nothing both ways.
    private static async Task<DateTimeOffset> FillAsync(ILedger ledger)
    {
        var now = ledger.Now;
        await ledger.WriteSettingAsync("key.1", "check \"value\" ü🔒", None);
        await ledger.SaveAgencyAsync(
            new AgencyRecord(
                Facts.Alpha, "Ämt \"A\"", AgencyRole.LawEnforcement, "desk\t1", IsRevoked: false, now,
                [new CertificateRecord("0a", now, now.AddDays(365), IsRevoked: true, ExpiryAnnounced: false)]),
            [],
            Facts.Draft(Facts.Beta, Operation.CreateAgency, Guid.NewGuid()) with { Purpose = "new\nmember" },
            None);
        var tag = Facts.NewTag();
        var identifier = Guid.CreateVersion7();
        var there = Facts.Claim(Facts.Alpha, now) with
        {
            Window = new Window(now.AddDays(-2), now.AddDays(-1), TimeSpan.FromMinutes(3)),
            Port = 443,
            Sealed = ReadOnlyMemory<byte>.Empty,
        };
        var came = Facts.Claim(Facts.Beta, now);
        var overlap = Facts.Overlap(there, came, now);
        var alert = Facts.Alert(Facts.Alpha, now, AlertKind.OverlapFound) with { ClaimId = there.Id, OverlapId = overlap.Id, Note = "n" };
        await AppendAsync(ledger, Facts.Append(tag, identifier, 0, Facts.Draft(Facts.Alpha), new IdentifierEvent.ClaimMade(there)));
        await AppendAsync(ledger, Facts.Append(
            tag,
            identifier,
            1,
            Facts.Draft(Facts.Beta) with { Disclosures = [new Disclosed(Facts.Beta, Facts.Alpha, there.Id, overlap.Id, default)] },
            new IdentifierEvent.ClaimMade(came),
            new IdentifierEvent.OverlapFound(overlap),
            new IdentifierEvent.HazardChanged("RESERVED"),
            new IdentifierEvent.AlertRaised(alert)));
        Assert.True(await ledger.NumberAsync(Facts.Alpha, 1, [alert.Id], None));
        for (var i = 0; i < 200; i++)
        {
            await CommitClaimAsync(ledger);
        }

        return now;
    }

    private static async Task<int> WriteUntilAsync(ILedger ledger, CancellationToken stop)
    {
        var written = 0;
        do
        {
            await CommitClaimAsync(ledger);
            written++;
        }
        while (!stop.IsCancellationRequested);

        return written;
    }

    private static Task CommitClaimAsync(ILedger ledger) => AppendAsync(ledger, Facts.Append(
        Facts.NewTag(),
        Guid.CreateVersion7(),
        0,
        Facts.Draft(Facts.Gamma, requestId: Guid.NewGuid()),
        new IdentifierEvent.ClaimMade(Facts.Claim(Facts.Gamma, ledger.Now))));

    private static async Task AppendAsync(ILedger ledger, Append append) =>
        Assert.IsType<AppendOutcome.Committed>(await ledger.AppendAsync(append, Lane.Interactive, None));

    // Rows come in another order from another database.
    private static void AssertSameRows(string left, string right)
    {
        using var one = ZipFile.OpenRead(left);
        using var other = ZipFile.OpenRead(right);
        foreach (var entry in one.Entries.Where(entry => entry.Name.EndsWith(".ndjson", StringComparison.Ordinal)))
        {
            Assert.Equal(Lines(entry), Lines(other.GetEntry(entry.Name)!));
        }

        static List<string> Lines(ZipArchiveEntry entry)
        {
            using var reader = new StreamReader(entry.Open());
            return [.. reader.ReadToEnd().Split('\n').Order(StringComparer.Ordinal)];
        }
    }

    // Changes an entry and makes all hashes right again.
    private async Task EditAsync(string name, Func<string, string> edit)
    {
        var contents = new Dictionary<string, string>(StringComparer.Ordinal);
        using (var archive = ZipFile.OpenRead(BackupPath))
        {
            foreach (var entry in archive.Entries)
            {
                using var reader = new StreamReader(entry.Open());
                contents[entry.Name] = await reader.ReadToEndAsync();
            }
        }

        var before = contents[name];
        contents[name] = edit(before);
        Assert.NotEqual(before, contents[name]);
        if (name.EndsWith(".ndjson", StringComparison.Ordinal))
        {
            var manifest = System.Text.Json.Nodes.JsonNode.Parse(contents["manifest.json"])!;
            var table = manifest["tables"]!.AsArray().Single(entry => name.StartsWith(entry!["table"]!.GetValue<string>() + ".", StringComparison.Ordinal))!;
            table["rows"] = contents[name].Count(letter => letter == '\n');
            table["bytes"] = Encoding.UTF8.GetByteCount(contents[name]);
            table["sha256"] = Hash(contents[name]);
            contents["manifest.json"] = manifest.ToJsonString();
        }

        contents["manifest.sha256"] = Hash(contents["manifest.json"]);
        File.Delete(BackupPath);
        using var edited = ZipFile.Open(BackupPath, ZipArchiveMode.Create);
        foreach (var (entry, content) in contents)
        {
            await using var writer = new StreamWriter(edited.CreateEntry(entry).Open());
            await writer.WriteAsync(content);
        }

        static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
