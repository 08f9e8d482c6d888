using System.Security.Cryptography;

namespace Deconfliction.Ledger.Tests;

/// <summary>A fresh, empty database for one test. It may be opened several times at once.</summary>
public abstract class TestStore : IAsyncDisposable
{
    /// <summary>The audit key of all tests' ledgers.</summary>
    public static readonly byte[] AuditKey = SHA256.HashData("audit key of the tests"u8);

    /// <summary>Options as the tests use them: shared, so that two writers blind to each other can be had.</summary>
    public static LedgerOptions Options => new() { AuditKey = AuditKey, Exclusive = false, Holder = "the tests" };

    /// <summary>Opens a ledger on it.</summary>
    public abstract Task<ILedger> OpenAsync(LedgerOptions options);

    /// <summary>Runs SQL behind the ledger's back.</summary>
    public abstract Task ExecuteAsync(string sql);

    /// <summary>Removes it.</summary>
    public abstract ValueTask DisposeAsync();
}
