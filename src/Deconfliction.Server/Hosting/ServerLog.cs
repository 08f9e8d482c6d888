using Microsoft.Extensions.Logging;

namespace Deconfliction.Server.Hosting;

/// <summary>The server's lifecycle in the log.</summary>
internal static partial class ServerLog
{
    [LoggerMessage(EventId = 7001, EventName = "Readiness", Level = LogLevel.Information, Message = "The server is now: {State}")]
    public static partial void Readiness(ILogger log, string state);

    [LoggerMessage(EventId = 7002, EventName = "StoreLost", Level = LogLevel.Warning, Message = "The store does not answer ({Cause}); the server says that it is not ready")]
    public static partial void StoreLost(ILogger log, string cause);

    [LoggerMessage(EventId = 7003, EventName = "OperatorWritten", Level = LogLevel.Information, Message = "A new operator identity was written to {File}")]
    public static partial void OperatorWritten(ILogger log, string file);
}
