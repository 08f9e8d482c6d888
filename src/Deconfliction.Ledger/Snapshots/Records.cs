using Deconfliction.Domain.Claims;

namespace Deconfliction.Ledger.Snapshots;

/// <summary>What the ledger has of an identifier with many claims, or what has changed of it after a version.</summary>
/// <param name="Id">Its surrogate id.</param>
/// <param name="Version">Its version.</param>
/// <param name="Hazard">Hazard reason.</param>
/// <param name="IsCrowd">Whether it is a crowd.</param>
/// <param name="History">The ledger's history: a restored one has another, in which the same versions stand for other facts.</param>
/// <param name="PurgedBefore">Claims that ended before this may be gone: a tail that reaches back further may lack ends.</param>
/// <param name="Claims">All live claims; or those, live and ended, that were made, changed or ended after the version asked for.</param>
public sealed record LongIdentifierRecord(
    Guid Id, long Version, string? Hazard, bool IsCrowd, Guid History, DateTimeOffset PurgedBefore, IReadOnlyList<Claim> Claims);

/// <summary>A snapshot as it is kept.</summary>
/// <param name="Version">The identifier's version that it covers.</param>
/// <param name="EarliestEnd">It is of no use, and may be removed, once claims that ended before this are purged.</param>
/// <param name="Bytes">The snapshot.</param>
public sealed record StoredSnapshot(long Version, DateTimeOffset EarliestEnd, ReadOnlyMemory<byte> Bytes);
