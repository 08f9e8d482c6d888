using System.Diagnostics;
using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Ledger.Appending;

/// <summary>
/// What a database must be able to do in groups, each group one transaction. The pumps call it; everything else of
/// <see cref="ILedger"/> a store answers directly.
/// </summary>
internal interface ILedgerStore : IAsyncDisposable
{
    /// <summary>How many groups of appends may be under way at once (SQLite: 1).</summary>
    int MaximumWriters { get; }

    /// <summary>Opens an audit chain of its own for a writer; chains of writers that are gone stay as they ended.</summary>
    Task<AuditChain> OpenChainAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Commits a group: losers (stale, replayed) are left out and harm nobody. Keys are touched in sorted order. On return the
    /// group is durable. Throws <see cref="LedgerUnavailableException"/> when surely nothing was written,
    /// <see cref="OutcomeUnknownException"/> otherwise; after either the chain is not used again.
    /// </summary>
    Task<GroupOutcome> AppendGroupAsync(IReadOnlyList<GroupItem> group, AuditChain chain, CancellationToken cancellationToken);

    /// <summary>Reads a group of identifiers, one answer a tag, in the order asked for.</summary>
    Task<(IReadOnlyList<IdentifierRecord> Records, DateTimeOffset Now)> LoadGroupAsync(
        IReadOnlyList<Tag> tags, CancellationToken cancellationToken);

    /// <summary>Lists the first page of overlaps of each of a group of claims, in the order asked for; each query names its claim.</summary>
    Task<IReadOnlyList<IReadOnlyList<OverlapRecord>>> ListOverlapGroupAsync(
        IReadOnlyList<OverlapQuery> claims, CancellationToken cancellationToken);

    /// <summary>The alerts without a position of each of a group of agencies, in the order asked for.</summary>
    Task<IReadOnlyList<IReadOnlyList<Alert>>> ReadUnnumberedGroupAsync(
        IReadOnlyList<FeedQuery> agencies, CancellationToken cancellationToken);

    /// <summary>A page of each of a group of feeds, in the order asked for.</summary>
    Task<IReadOnlyList<IReadOnlyList<FeedEntry>>> ReadFeedGroupAsync(IReadOnlyList<FeedQuery> feeds, CancellationToken cancellationToken);

    /// <summary>Numbers a group of agencies' alerts; an agency that lost the race gets false and harms nobody.</summary>
    Task<IReadOnlyList<bool>> NumberGroupAsync(IReadOnlyList<Numbering> group, CancellationToken cancellationToken);
}

/// <summary>
/// One item of a group: a fenced append (<see cref="Append"/>), one that is decided on the group's read (<see cref="Late"/>), or an
/// operation that is only recorded, perhaps with rows of its own (<see cref="Extra"/>: an agency's record, an acknowledged position),
/// all under the same request-id rule.
/// </summary>
internal sealed record GroupItem(Append? Append, AuditDraft? Audit, IGroupExtra? Extra = null, LateAppend? Late = null)
{
    /// <summary>The request id that it uses, if any.</summary>
    public RequestKey? Key => Late is { } late
        ? late.RequestId is { } lateId ? new RequestKey(late.Agency, lateId) : null
        : Audit is { RequestId: { } id } audit ? new RequestKey(audit.Agency, id) : null;

    /// <summary>The span that waits for it, where somebody traces.</summary>
    public Activity? Span { get; init; }
}

/// <summary>Rows that are written with a recorded operation.</summary>
internal interface IGroupExtra;

/// <summary>An agency's numbering.</summary>
internal sealed record Numbering(AgencyId Agency, long First, IReadOnlyList<Guid> AlertIds);

/// <summary>What became of a group.</summary>
/// <param name="Outcomes">One for each item, in order.</param>
/// <param name="Now">The database's time in the transaction.</param>
internal sealed record GroupOutcome(IReadOnlyList<AppendOutcome> Outcomes, DateTimeOffset Now);
