namespace Deconfliction.Ledger.Tests.Postgres;

/// <summary>The compliance suite on PostgreSQL.</summary>
public sealed class PostgresLedgerTests : LedgerCompliance
{
    /// <inheritdoc/>
    protected override async Task<TestStore> CreateStoreAsync() => await PostgresTestStore.CreateAsync();
}
