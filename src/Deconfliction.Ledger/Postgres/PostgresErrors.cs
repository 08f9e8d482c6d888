using System.Net.Sockets;
using Deconfliction.Ledger.Appending;
using Npgsql;

namespace Deconfliction.Ledger.Postgres;

/// <summary>
/// What a failure means to the caller. The question that counts is whether COMMIT had been sent: before that nothing was written,
/// after it only an orderly error of a statement says that nothing was.
/// </summary>
internal static class PostgresErrors
{
    /// <summary>The contract's exception for a failure; <see langword="null"/> for what is no failure of the database's.</summary>
    public static Exception? Translate(Exception problem, bool commitSent, CancellationToken cancellationToken)
    {
        switch (problem)
        {
            case PostgresException conflict when IsConflict(conflict):
                return new GroupConflictException($"Another writer was in the way ({conflict.SqlState}): {conflict.MessageText}", conflict);
            case PostgresException { SqlState: PostgresErrorCodes.DivisionByZero } broken:
                return new LedgerUnavailableException(
                    "The tables are not as this process left them: a locked identifier's version, or the end of its audit chain, was "
                    + "changed by another program. Nothing was written. Verify the audit record.",
                    broken);
            case PostgresException refusal when !commitSent || IsOrderly(refusal):
                return new LedgerUnavailableException(
                    $"PostgreSQL refused ({refusal.SqlState}): {refusal.MessageText}. Nothing was written.{Remedy(refusal)}", refusal);
            case NpgsqlException or TimeoutException or IOException or SocketException or ObjectDisposedException:
                return commitSent ? Unknown(problem) : Unreachable(problem);
            case { } lost when IsProtocolLost(lost):
                return commitSent ? Unknown(lost) : Unreachable(lost);
            case OperationCanceledException when commitSent:
                return Unknown(problem);
            case OperationCanceledException when !cancellationToken.IsCancellationRequested:
                return Unreachable(problem);
            default:
                return null;
        }
    }

    /// <summary>The connection is gone: another one may work.</summary>
    public static bool IsConnectionLost(Exception problem) => problem switch
    {
        PostgresException refusal => IsShutdown(refusal),
        NpgsqlException { InnerException: TimeoutException } => false,
        NpgsqlException or IOException or SocketException => true,
        _ => IsProtocolLost(problem),
    };

    /// <summary>What to do about a refusal, with a space before it; empty where there is nothing better than its own words.</summary>
    public static string Remedy(PostgresException problem) => problem.SqlState switch
    {
        PostgresErrorCodes.DiskFull => " Free space on the database's disk; writing goes on by itself then.",
        PostgresErrorCodes.TooManyConnections =>
            " Raise max_connections (a server uses up to 14, a silo up to 23), or end other programs' connections.",
        PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
            " Check the role and its password in --connection, and that pg_hba.conf lets it in from here.",
        PostgresErrorCodes.InvalidCatalogName => " Make the database first (createdb NAME), or name another in --connection.",
        PostgresErrorCodes.ReadOnlySqlTransaction => " The connection string leads to a standby: name the primary.",
        PostgresErrorCodes.InsufficientPrivilege => " The role must own the schema that it uses.",
        _ => "",
    };

    // A driver that was answered something it did not ask for ends the connection and throws an exception of no kind of its own.
    private static bool IsProtocolLost(Exception problem) => problem.GetType() == typeof(Exception) && problem.Source == nameof(Npgsql);

    // Deadlock, serialization failure, or a row that another transaction made first (a request id): run the group again.
    private static bool IsConflict(PostgresException problem) => problem.SqlState
        is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.UniqueViolation;

    // An ERROR of a statement aborts the transaction, and the COMMIT behind it in the pipeline is skipped. A cancelled statement
    // may have been the COMMIT itself, and a FATAL may come after it.
    private static bool IsOrderly(PostgresException problem) =>
        problem.InvariantSeverity == "ERROR" && problem.SqlState != PostgresErrorCodes.QueryCanceled && !IsShutdown(problem);

    private static bool IsShutdown(PostgresException problem) =>
        problem.InvariantSeverity != "ERROR" || problem.SqlState.StartsWith("57P0", StringComparison.Ordinal);

    private static LedgerUnavailableException Unreachable(Exception problem) => new(
        $"PostgreSQL cannot be reached: {Words(problem)}. Nothing was written. Check that the server runs and that the connection "
        + "string's host and port are right; a server that runs goes on by itself when it answers.",
        problem);

    private static OutcomeUnknownException Unknown(Exception problem) => new(
        $"PostgreSQL did not answer after COMMIT was sent: {Words(problem)}. It may or may not have happened; retry with the same "
        + "request id.",
        problem);

    // Driver's and system's words; they hold no parameter values.
    private static string Words(Exception problem) =>
        (problem.InnerException is { } cause ? $"{problem.Message} ({cause.Message})" : problem.Message).TrimEnd('.');
}
