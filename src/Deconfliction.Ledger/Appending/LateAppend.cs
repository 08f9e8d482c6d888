using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Ledger.Appending;

/// <summary>
/// An append that is decided on what the group's own transaction reads of its identifier, so that who holds no state needs no load
/// before it: one turn in the queue instead of two, and the same for an identifier that is there as for one that is not.
/// </summary>
/// <remarks>
/// The decision rests on a read that the transaction fences like any other: under lock where it may change the identifier, at the moment
/// of the read where it may not. It is told to nobody before the commit.
/// </remarks>
public sealed record LateAppend
{
    /// <summary>Live claims that are read in a group's transaction at most, because its neighbours wait meanwhile.</summary>
    public const int MaximumLive = 64;

    /// <summary>The identifier.</summary>
    public required Tag Tag { get; init; }

    /// <summary>The id of the key that made the tag.</summary>
    public required int KeyId { get; init; }

    /// <summary>The surrogate id that the identifier gets where the ledger has none; empty where the decision cannot change it (a check).</summary>
    public required Guid NewIdentifierId { get; init; }

    /// <summary>Who asks.</summary>
    public required AgencyId Agency { get; init; }

    /// <summary>Under which request id; the decision's audit entry has the same.</summary>
    public required Guid? RequestId { get; init; }

    /// <summary>
    /// What is to be committed on such a record at such a time; nothing where more than the record is needed to decide. Called within
    /// the transaction, on another thread, and again for each attempt at it: pure, quick, and touching only what its caller does not.
    /// </summary>
    public required Func<IdentifierRecord, DateTimeOffset, Append?> Decide { get; init; }

    internal bool MayChange => NewIdentifierId != Guid.Empty;
}
