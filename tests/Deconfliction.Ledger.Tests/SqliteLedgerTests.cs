namespace Deconfliction.Ledger.Tests;

/// <summary>The compliance suite on SQLite, and what is SQLite's own.</summary>
public sealed partial class SqliteLedgerTests : LedgerCompliance
{
    /// <inheritdoc/>
    protected override Task<TestStore> CreateStoreAsync() => Task.FromResult<TestStore>(new SqliteTestStore());
}
