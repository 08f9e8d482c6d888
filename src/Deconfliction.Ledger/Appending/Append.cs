using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Auditing;

namespace Deconfliction.Ledger.Appending;

/// <summary>What one decision asks the ledger to commit: all of it or nothing, and only at the version that it was decided on.</summary>
public sealed record Append
{
    /// <summary>The identifier.</summary>
    public required Tag Tag { get; init; }

    /// <summary>The id of the key that made the tag.</summary>
    public required int KeyId { get; init; }

    /// <summary>The version that was decided on; 0 means that the ledger had no such identifier.</summary>
    public required long ExpectedVersion { get; init; }

    /// <summary>
    /// The identifier's surrogate id; for a new one, the id it gets. A check of an identifier that the ledger has not confirms its
    /// absence and creates nothing.
    /// </summary>
    public required Guid IdentifierId { get; init; }

    /// <summary>
    /// The facts, in order. With a change of state among them the version becomes <see cref="ExpectedVersion"/> + 1; with none
    /// (a check, an answer that changes nothing) the version is only confirmed.
    /// </summary>
    public required IReadOnlyList<IdentifierEvent> Events { get; init; }

    /// <summary>The audit entry, which also keeps the request id.</summary>
    public required AuditDraft Audit { get; init; }

    /// <summary>Whether the version goes up.</summary>
    public required bool ChangesState { get; init; }
}

/// <summary>What became of an append.</summary>
public abstract record AppendOutcome
{
    private AppendOutcome()
    {
    }

    /// <summary>It is durable. <paramref name="Version"/> is the identifier's version after it.</summary>
    public sealed record Committed(long Version) : AppendOutcome;

    /// <summary>The identifier has another version: nothing of it was written. Reload and decide again.</summary>
    public sealed record Stale : AppendOutcome;

    /// <summary>The request id was used before: nothing of it was written. This is what was recorded.</summary>
    public sealed record Replayed(RecordedRequest Original) : AppendOutcome;

    /// <summary>
    /// Nothing of a <see cref="LateAppend"/> was written: its decision needs more than the record, or the identifier has more live claims
    /// than are read in a group's transaction. Load, decide and append.
    /// </summary>
    public sealed record Declined : AppendOutcome;

    /// <summary>The decision of a <see cref="LateAppend"/> threw: its caller's problem, and not its group's.</summary>
    internal sealed record Failed(Exception Problem) : AppendOutcome;
}
