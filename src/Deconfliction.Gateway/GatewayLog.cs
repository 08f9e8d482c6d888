using Deconfliction.Domain.Agencies;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Gateway;

/// <summary>What the gateway logs: agencies, methods and reasons; never a value, a contact or a case.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(EventId = 6001, EventName = "Denied", Level = LogLevel.Warning, Message = "{Agency} was denied {Method}: {Reason}")]
    public static partial void Denied(ILogger log, AgencyId agency, string method, string reason);

    [LoggerMessage(EventId = 6002, EventName = "LedgerFailed", Level = LogLevel.Warning, Message = "{Method} ended with {Reason} ({Cause})")]
    public static partial void LedgerFailed(ILogger log, string method, string reason, string cause);

    [LoggerMessage(EventId = 6003, EventName = "CallFailed", Level = LogLevel.Error, Message = "{Method} failed: {Type}\n{Trace}")]
    public static partial void CallFailed(ILogger log, string method, string type, string trace);

    [LoggerMessage(
        EventId = 6004, EventName = "BudgetExhausted", Level = LogLevel.Warning,
        Message = "{Agency} has used up its budget of {PerMinute} {What} a minute")]
    public static partial void BudgetExhausted(ILogger log, AgencyId agency, long perMinute, string what);

    [LoggerMessage(
        EventId = 6005, EventName = "HandshakeRefused", Level = LogLevel.Warning,
        Message = "A client certificate was refused: {Reason} (serial {Serial})")]
    public static partial void HandshakeRefused(ILogger log, string reason, string serial);

    [LoggerMessage(EventId = 6006, EventName = "HazardPassDone", Level = LogLevel.Information, Message = "The hazard catalogue changed: {Identifiers} identifiers read again, {Changed} changed")]
    public static partial void HazardPassDone(ILogger log, long identifiers, long changed);

    [LoggerMessage(EventId = 6007, EventName = "HazardPassFailed", Level = LogLevel.Warning, Message = "Reading the identifiers again for the changed hazard catalogue failed ({Cause}); it is tried again")]
    public static partial void HazardPassFailed(ILogger log, string cause);

    [LoggerMessage(EventId = 6008, EventName = "SealBroken", Level = LogLevel.Error, Message = "The sealed part of claim {Claim} does not open: {Reason}")]
    public static partial void SealBroken(ILogger log, Guid claim, string reason);
}
