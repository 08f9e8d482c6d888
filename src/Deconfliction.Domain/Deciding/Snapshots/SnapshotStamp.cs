using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Domain.Deciding.Snapshots;

/// <summary>What a snapshot is of.</summary>
/// <param name="Tag">The identifier's tag.</param>
/// <param name="IdentifierId">Its surrogate id.</param>
/// <param name="History">The ledger's history that it is of: after a restore the same versions stand for other facts.</param>
/// <param name="Version">The identifier's version that it covers.</param>
/// <param name="TakenAt">The database's time when it was taken.</param>
public readonly record struct SnapshotStamp(Tag Tag, Guid IdentifierId, Guid History, long Version, DateTimeOffset TakenAt);
