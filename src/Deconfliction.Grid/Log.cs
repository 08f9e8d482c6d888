using Microsoft.Extensions.Logging;

namespace Deconfliction.Grid;

/// <summary>All that the grid logs. Never an identifier; a tag only as its first eight digits.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Debug, "A decision on {Tag} was stale at try {Attempt}; deciding again.", EventName = "DecisionStale")]
    public static partial void DecisionStale(this ILogger logger, string tag, int attempt);

    [LoggerMessage(2002, LogLevel.Warning, "The outcome of a commit on {Tag} is unknown; the next turn reloads.", EventName = "OutcomeUnknown")]
    public static partial void OutcomeUnknown(this ILogger logger, string tag, Exception exception);

    [LoggerMessage(2003, LogLevel.Information, "A turn on {Tag} failed after its caller had gone.", EventName = "AbandonedTurnFailed")]
    public static partial void AbandonedTurnFailed(this ILogger logger, string tag, Exception exception);

    [LoggerMessage(2004, LogLevel.Warning, "{Count} turns were still under way when the grid stopped.", EventName = "DrainIncomplete")]
    public static partial void DrainIncomplete(this ILogger logger, int count);

    [LoggerMessage(2005, LogLevel.Debug, "A bulk turn on {Tag} was hurried: an interactive one waits behind it.", EventName = "BulkTurnHurried")]
    public static partial void BulkTurnHurried(this ILogger logger, string tag);

    [LoggerMessage(2010, LogLevel.Warning, "Numbering the alerts of {Agency} failed; the sweep tries again.", EventName = "NumberingFailed")]
    public static partial void NumberingFailed(this ILogger logger, string agency, Exception exception);

    [LoggerMessage(2011, LogLevel.Debug, "{Agency}'s alerts were numbered elsewhere; reading again.", EventName = "NumberingLost")]
    public static partial void NumberingLost(this ILogger logger, string agency);

    [LoggerMessage(2020, LogLevel.Warning, "Upkeep step {Step} failed; it is tried again in {Next}.", EventName = "UpkeepFailed")]
    public static partial void UpkeepFailed(this ILogger logger, string step, TimeSpan next, Exception exception);

    [LoggerMessage(2021, LogLevel.Information, "Upkeep swept {Identifiers} identifiers for expired claims.", EventName = "ExpirySwept")]
    public static partial void ExpirySwept(this ILogger logger, int identifiers);

    [LoggerMessage(2022, LogLevel.Information, "Upkeep purged {Rows} rows.", EventName = "Purged")]
    public static partial void Purged(this ILogger logger, int rows);

    [LoggerMessage(2023, LogLevel.Information, "{Agencies} agencies had alerts without a number.", EventName = "UnnumberedFound")]
    public static partial void UnnumberedFound(this ILogger logger, int agencies);

    [LoggerMessage(2024, LogLevel.Warning, "A sweep of {Tag} failed; the next sweep finds it again.", EventName = "SweepFailed")]
    public static partial void SweepFailed(this ILogger logger, string tag, Exception exception);

    [LoggerMessage(2040, LogLevel.Warning, "The snapshot of {Tag} cannot be read; the ledger is read whole.", EventName = "SnapshotUnreadable")]
    public static partial void SnapshotUnreadable(this ILogger logger, string tag, Exception exception);

    [LoggerMessage(2041, LogLevel.Warning, "The snapshot of {Tag} is damaged, of another identifier or in another format; the ledger is read whole.", EventName = "SnapshotUnsound")]
    public static partial void SnapshotUnsound(this ILogger logger, string tag);

    [LoggerMessage(2042, LogLevel.Information, "The snapshot of {Tag} at version {Version} is of no use at version {Now}: of another history, or too old; the ledger is read whole.", EventName = "SnapshotOutOfUse")]
    public static partial void SnapshotOutOfUse(this ILogger logger, string tag, long version, long now);

    [LoggerMessage(2043, LogLevel.Error, "The snapshot of {Tag} at version {Version} and the ledger's tail up to {Now} do not fit together; the ledger is read whole.", EventName = "SnapshotMisfit")]
    public static partial void SnapshotMisfit(this ILogger logger, string tag, long version, long now, Exception exception);

    [LoggerMessage(2044, LogLevel.Debug, "Wrote a snapshot of {Tag} at version {Version} with {Claims} claims.", EventName = "SnapshotWritten")]
    public static partial void SnapshotWritten(this ILogger logger, string tag, long version, int claims);

    [LoggerMessage(2045, LogLevel.Warning, "No snapshot of {Tag} at version {Version} was kept; the next one is tried after more changes.", EventName = "SnapshotNotWritten")]
    public static partial void SnapshotNotWritten(this ILogger logger, string tag, long version, Exception exception);

    [LoggerMessage(2030, LogLevel.Information, "{Agency} is revoked; its open streams are cut.", EventName = "AgencyRevoked")]
    public static partial void AgencyRevoked(this ILogger logger, string agency);

    [LoggerMessage(2031, LogLevel.Information, "{Agency} was told of a certificate that ends on {NotAfter}.", EventName = "CertificateNotice")]
    public static partial void CertificateNotice(this ILogger logger, string agency, DateTimeOffset notAfter);
}
