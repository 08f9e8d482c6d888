namespace Deconfliction.Ledger;

/// <summary>Whether the database answers.</summary>
/// <param name="IsReachable">Whether the last attempt succeeded.</param>
/// <param name="LastSuccess">When one last did, by this node's clock.</param>
/// <param name="Problem">What the last failure was, in words without values.</param>
public sealed record LedgerHealth(bool IsReachable, DateTimeOffset LastSuccess, string? Problem);

/// <summary>Counts and sizes, for operators.</summary>
/// <param name="LiveClaims">Live claims.</param>
/// <param name="EndedClaims">Ended claims that are still kept.</param>
/// <param name="Identifiers">Identifiers.</param>
/// <param name="Overlaps">Overlaps.</param>
/// <param name="Alerts">Alerts kept.</param>
/// <param name="AuditEntries">Audit entries.</param>
/// <param name="Bytes">Size of the store.</param>
/// <param name="SchemaVersion">Number of the newest migration applied.</param>
public sealed record LedgerStatistics(
    long LiveClaims, long EndedClaims, long Identifiers, long Overlaps, long Alerts, long AuditEntries, long Bytes, int SchemaVersion);
