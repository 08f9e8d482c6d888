using Microsoft.Extensions.Logging;

namespace Deconfliction.Ledger.Grouping;

internal sealed partial class GroupedLedger
{
    private static partial class Log
    {
        [LoggerMessage(3001, LogLevel.Information, "Audit chain {Writer} opened", EventName = "AuditChainOpened")]
        public static partial void AuditChainOpened(ILogger logger, long writer);

        [LoggerMessage(3002, LogLevel.Debug, "A group of {Items} met another writer and is run again (attempt {Attempt})",
            EventName = "GroupConflict")]
        public static partial void GroupConflict(ILogger logger, int items, int attempt, Exception problem);

        [LoggerMessage(3003, LogLevel.Error, "The database does not answer: {Problem}", EventName = "LedgerUnreachable")]
        public static partial void LedgerUnreachable(ILogger logger, string problem, Exception cause);

        [LoggerMessage(3004, LogLevel.Information, "The database answers again", EventName = "LedgerReachable")]
        public static partial void LedgerReachable(ILogger logger);

        [LoggerMessage(3005, LogLevel.Error,
            "The outcome of a group of {Items} is unknown; their callers are told, and audit chain {Writer} is left",
            EventName = "GroupOutcomeUnknown")]
        public static partial void GroupOutcomeUnknown(ILogger logger, int items, long writer, Exception cause);
    }
}
