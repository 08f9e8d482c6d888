using Microsoft.Extensions.Logging;

namespace Deconfliction.Rpc.Server;

/// <summary>The server's events. Methods and statuses only: no message, no metadata, no peer.</summary>
internal static partial class RpcServerLog
{
    [LoggerMessage(4001, LogLevel.Error, "{Method} failed with an exception that is no RpcException; the client was told UNKNOWN.", EventName = "CallFailed")]
    public static partial void CallFailed(ILogger logger, string method, Exception exception);

    [LoggerMessage(4002, LogLevel.Debug, "{Method} ended with {Status}.", EventName = "CallRefused")]
    public static partial void CallRefused(ILogger logger, string method, StatusCode status);

    [LoggerMessage(4003, LogLevel.Debug, "{Method} threw after it was cancelled; it ended with {Status}.", EventName = "CallFailedAfterCancel")]
    public static partial void CallFailedAfterCancel(ILogger logger, string method, StatusCode status, Exception exception);
}
