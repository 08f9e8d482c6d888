using Microsoft.Extensions.Logging;

namespace Deconfliction.Dashboard;

/// <summary>What the operations pages log.</summary>
internal static partial class DashboardLog
{
    [LoggerMessage(EventId = 9001, EventName = "SignedIn", Level = LogLevel.Information, Message = "{Name} signed in to the operations pages as {Role}")]
    public static partial void SignedIn(ILogger log, string name, string role);

    [LoggerMessage(EventId = 9002, EventName = "SignInRefused", Level = LogLevel.Warning, Message = "A sign-in to the operations pages was refused: {Reason}")]
    public static partial void SignInRefused(ILogger log, string reason);

    [LoggerMessage(EventId = 9003, EventName = "ActionTaken", Level = LogLevel.Warning, Message = "{Name} on the operations pages: {Operation} {About}")]
    public static partial void ActionTaken(ILogger log, string name, string operation, string about);

    [LoggerMessage(EventId = 9004, EventName = "NotRecordedYet", Level = LogLevel.Warning, Message = "The store does not answer ({Cause}); {Count} entries of the operations pages wait to be recorded")]
    public static partial void NotRecordedYet(ILogger log, string cause, int count);

    [LoggerMessage(EventId = 9005, EventName = "InvariantBroken", Level = LogLevel.Critical, Message = "A look at a sample of the ledger found that these do not hold: {Invariants}. Stop writing, take a backup, and compare with the last good one")]
    public static partial void InvariantBroken(ILogger log, string invariants);

    [LoggerMessage(EventId = 9006, EventName = "InvariantsNotRead", Level = LogLevel.Information, Message = "The sample of the ledger could not be read ({Cause}); it is tried again")]
    public static partial void InvariantsNotRead(ILogger log, string cause);

    [LoggerMessage(EventId = 9008, EventName = "NotRecorded", Level = LogLevel.Error, Message = "{Most} entries wait for the store already; this one is in no record but this: {Name} on the operations pages: {Operation} {Outcome} {About}")]
    public static partial void NotRecorded(ILogger log, int most, string name, string operation, string outcome, string about);

    [LoggerMessage(EventId = 9007, EventName = "PageFailed", Level = LogLevel.Error, Message = "The operations page {Path} failed: {Type}\n{Trace}")]
    public static partial void PageFailed(ILogger log, string path, string type, string trace);
}
