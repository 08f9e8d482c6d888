namespace Deconfliction.Ledger;

/// <summary>The database cannot be reached or refuses; nothing was written.</summary>
public class LedgerUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The commit was sent and no answer came: it may or may not have happened. Reload, and retry with the same request id.</summary>
public sealed class OutcomeUnknownException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A bounded queue of the ledger is full; nothing was written. Retry after a while.</summary>
public sealed class LedgerOverloadedException(string message, TimeSpan retryAfter) : Exception(message)
{
    /// <summary>When it is worth to try again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}

/// <summary>Another process holds the store.</summary>
public sealed class StoreInUseException(string message) : Exception(message);

/// <summary>The database's schema is newer than this program, or is not ours.</summary>
public sealed class SchemaMismatchException(string message) : Exception(message);
