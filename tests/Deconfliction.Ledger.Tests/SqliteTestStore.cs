using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace Deconfliction.Ledger.Tests;

/// <summary>A store in a temporary folder.</summary>
public sealed class SqliteTestStore : TestStore
{
    /// <summary>Its file.</summary>
    public string StorePath { get; } = Path.Combine(Path.GetTempPath(), "deconfliction-ledger-" + Guid.NewGuid().ToString("N"), "ledger.db");

    /// <inheritdoc/>
    public override Task<ILedger> OpenAsync(LedgerOptions options) =>
        LedgerFactory.OpenSqliteAsync(StorePath, options, NullLoggerFactory.Instance, CancellationToken.None);

    /// <inheritdoc/>
    public override async Task ExecuteAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={StorePath};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        Directory.Delete(Path.GetDirectoryName(StorePath)!, recursive: true);
        return ValueTask.CompletedTask;
    }
}
