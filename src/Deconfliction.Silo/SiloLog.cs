using Microsoft.Extensions.Logging;

namespace Deconfliction.Silo;

/// <summary>All that the silo itself logs. Never an identifier; a tag only as its first eight digits.</summary>
internal static partial class SiloLog
{
    [LoggerMessage(8001, LogLevel.Information, "{Silos} silos are active (view {Version}); {Moved} grains of this one live elsewhere now",
        EventName = "OwnersChanged")]
    public static partial void OwnersChanged(ILogger log, int silos, long version, int moved);

    [LoggerMessage(8002, LogLevel.Debug, "A silo was lost under a turn on {Tag} (try {Attempt}); asking again under the same request id",
        EventName = "AskedAgain")]
    public static partial void AskedAgain(ILogger log, string tag, int attempt, Exception cause);

    [LoggerMessage(8003, LogLevel.Debug, "A nudge for {Agency} was lost; the sweep finds what it was for", EventName = "NudgeLost")]
    public static partial void NudgeLost(ILogger log, string agency, Exception cause);

    [LoggerMessage(8004, LogLevel.Warning, "A silo's connection was refused: {Reason} (certificate {Serial})", EventName = "SiloRefused")]
    public static partial void SiloRefused(ILogger log, string reason, string serial);

    [LoggerMessage(8005, LogLevel.Warning, "{Count} turns of this silo's agencies were still under way when it stopped", EventName = "DrainIncomplete")]
    public static partial void DrainIncomplete(ILogger log, int count);

    [LoggerMessage(8006, LogLevel.Warning, "The silo did not leave its cluster in order within {Seconds} s; the others will find it gone",
        EventName = "LeftInHaste")]
    public static partial void LeftInHaste(ILogger log, double seconds);

    [LoggerMessage(8007, LogLevel.Debug, "{Silo} was not told of changed agencies (try {Attempt}); telling it again", EventName = "NoticeRepeated")]
    public static partial void NoticeRepeated(ILogger log, string silo, int attempt, Exception cause);

    [LoggerMessage(8008, LogLevel.Information, "{Silo} could not be told of changed agencies; it reads them with its next refresh", EventName = "NoticeLost")]
    public static partial void NoticeLost(ILogger log, string silo, Exception cause);

    [LoggerMessage(8009, LogLevel.Information, "Part {Part} of the sweep could not be woken; it is tried again", EventName = "SweepNotWoken")]
    public static partial void SweepNotWoken(ILogger log, int part, Exception cause);

    [LoggerMessage(8010, LogLevel.Warning, "The database has not answered this silo for {Seconds:0} s ({Cause})", EventName = "StoreSilent")]
    public static partial void StoreSilent(ILogger log, double seconds, string cause);

    [LoggerMessage(8011, LogLevel.Debug, "Another silo was ahead with a snapshot of {Tag}; this silo's, at version {Version}, is dropped",
        EventName = "SnapshotDropped")]
    public static partial void SnapshotDropped(ILogger log, string tag, long version, Exception cause);

    [LoggerMessage(8012, LogLevel.Warning, "{Silo} has not answered this silo for {Seconds:0} s; what it owns is answered here until it does or is gone",
        EventName = "SiloOutOfReach")]
    public static partial void SiloOutOfReach(ILogger log, string silo, double seconds);

    [LoggerMessage(8013, LogLevel.Warning, "{Silo} answers this silo again; {Moved} grains of this one live elsewhere now", EventName = "SiloInReach")]
    public static partial void SiloInReach(ILogger log, string silo, int moved);

    [LoggerMessage(8014, LogLevel.Debug, "{Silo} did not say what the operations pages show of it", EventName = "PanelUnanswered")]
    public static partial void PanelUnanswered(ILogger log, string silo, Exception cause);

    [LoggerMessage(8017, LogLevel.Debug, "{Silo}, of version {Version}, answered in a way that this silo's operations pages cannot read", EventName = "PanelUnread")]
    public static partial void PanelUnread(ILogger log, string silo, string version, Exception cause);

    [LoggerMessage(8016, LogLevel.Warning, "{Silo} did not say that it drains, as an operator asked", EventName = "DrainUnanswered")]
    public static partial void DrainUnanswered(ILogger log, string silo, Exception cause);

    [LoggerMessage(8018, LogLevel.Warning,
        "This silo's identity ends on {NotAfter:u}, in {Days} days. Issue a new one ('deconfliction-silo identity') and start the silo again with it",
        EventName = "IdentityEnds")]
    public static partial void IdentityEnds(ILogger log, DateTimeOffset notAfter, int days);

    [LoggerMessage(8015, LogLevel.Debug, "The table of silos could not be read for the operations pages; what it said before stands", EventName = "TableUnread")]
    public static partial void TableUnread(ILogger log, Exception cause);
}
