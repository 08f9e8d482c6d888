using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;
using Deconfliction.Ledger.Snapshots;

namespace Deconfliction.Ledger;

/// <summary>
/// The durable record from which everything that is not purged can be rebuilt, and the fence (DESIGN.md, section 4). One contract,
/// two databases.
/// </summary>
/// <remarks>
/// Every method may throw <see cref="LedgerUnavailableException"/> (nothing was written), <see cref="LedgerOverloadedException"/>
/// (a bounded queue is full; nothing was written) and, those that write, <see cref="OutcomeUnknownException"/> (the commit was
/// sent and no answer came). A cancelled wait for a write that has been handed to the database counts as an unknown outcome.
/// </remarks>
public interface ILedger : IAsyncDisposable
{
    /// <summary>The database's time: what the last round trip brought, and the monotonic time since.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Whether the last attempt to reach the database succeeded (health), and when it was.</summary>
    LedgerHealth Health { get; }

    // --- identifiers: grouped, in two lanes

    /// <summary>
    /// An identifier's version, flags and live claims; version 0 and no id where there is none. The claims of a long one are left out.
    /// </summary>
    Task<IdentifierRecord> LoadAsync(Tag tag, Lane lane, CancellationToken cancellationToken);

    /// <summary>Commits what one decision asks for, fenced by the identifier's version and the request id.</summary>
    Task<AppendOutcome> AppendAsync(Append append, Lane lane, CancellationToken cancellationToken);

    /// <summary>
    /// The same for a decision that is made on what the group's transaction reads: a load and an append in one. A ledger that cannot
    /// do that does one after the other.
    /// </summary>
    /// <exception cref="Exception">What the decision threw; its neighbours in the group are not harmed.</exception>
    async Task<AppendOutcome> DecideAsync(LateAppend late, Lane lane, CancellationToken cancellationToken)
    {
        var record = await LoadAsync(late.Tag, lane, cancellationToken);
        return late.Decide(record, Now) is { } append
            ? await AppendAsync(append, lane, cancellationToken)
            : new AppendOutcome.Declined();
    }

    /// <summary>Records an operation that concerns no single identifier (a list that discloses, an agency's certificate).</summary>
    Task<AppendOutcome> RecordAsync(AuditDraft draft, Lane lane, CancellationToken cancellationToken);

    /// <summary>What was recorded under a request id, if anything was.</summary>
    Task<RecordedRequest?> FindRequestAsync(AgencyId agency, Guid requestId, CancellationToken cancellationToken);

    // --- long identifiers

    /// <summary>
    /// An identifier by itself, all of one instant: its live claims, or what became of claims after a version. Nothing where there is none.
    /// </summary>
    /// <param name="tag">The identifier.</param>
    /// <param name="after">The version that is known; <see langword="null"/> for all live claims.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<LongIdentifierRecord?> LoadLongAsync(Tag tag, long? after, CancellationToken cancellationToken);

    /// <summary>The snapshot of an identifier, if one is kept and its parts fit together. Whether it is sound is the reader's to see.</summary>
    Task<StoredSnapshot?> ReadSnapshotAsync(Tag tag, CancellationToken cancellationToken);

    /// <summary>Keeps the snapshot of an identifier in place of the last one. If it fails half-way there is none.</summary>
    Task WriteSnapshotAsync(Tag tag, StoredSnapshot snapshot, CancellationToken cancellationToken);

    // --- claims and overlaps, as their parties read them

    /// <summary>A claim of an agency, live or ended; nothing where it is another's.</summary>
    Task<OwnedClaim?> FindClaimAsync(AgencyId agency, Guid claimId, CancellationToken cancellationToken);

    /// <summary>An agency's claims, oldest first, after a claim id.</summary>
    Task<IReadOnlyList<OwnedClaim>> ListClaimsAsync(ClaimQuery query, CancellationToken cancellationToken);

    /// <summary>An overlap that an agency is a side of, its claims, and its identifier's tag and version, all of one instant.</summary>
    Task<OverlapRecord?> FindOverlapAsync(AgencyId agency, Guid overlapId, CancellationToken cancellationToken);

    /// <summary>Overlaps that an agency is a side of, oldest first, after an overlap id. Visibility is the caller's to apply.</summary>
    Task<IReadOnlyList<OverlapRecord>> ListOverlapsAsync(OverlapQuery query, CancellationToken cancellationToken);

    /// <summary>Claims by id, whoever owns them: for what a decision or a recorded request named. Missing ones are left out.</summary>
    Task<IReadOnlyList<OwnedClaim>> ReadClaimsAsync(IReadOnlyList<Guid> claimIds, CancellationToken cancellationToken);

    // --- feeds

    /// <summary>Head, acknowledged and oldest kept position of a feed, and when its oldest unacknowledged alert was raised.</summary>
    Task<FeedBounds> ReadFeedBoundsAsync(AgencyId agency, CancellationToken cancellationToken);

    /// <summary>Alerts that have no position yet, in the order in which they are to be numbered (by id).</summary>
    Task<IReadOnlyList<Alert>> ReadUnnumberedAsync(AgencyId agency, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Gives alerts the positions from <paramref name="first"/> on, in order; grouped with other agencies'. False, and nothing
    /// changed, where a position is taken or an alert has one: read again and number again.
    /// </summary>
    Task<bool> NumberAsync(AgencyId agency, long first, IReadOnlyList<Guid> alertIds, CancellationToken cancellationToken);

    /// <summary>Numbered alerts after a position, in order, with what is needed to show them.</summary>
    Task<IReadOnlyList<FeedEntry>> ReadFeedAsync(AgencyId agency, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Moves the acknowledged position forward (never back) and records it.</summary>
    Task<AppendOutcome> AcknowledgeFeedAsync(AgencyId agency, long upTo, AuditDraft draft, CancellationToken cancellationToken);

    /// <summary>Agencies that have alerts without a position (the sweep).</summary>
    Task<IReadOnlyList<AgencyId>> FindUnnumberedAgenciesAsync(int limit, CancellationToken cancellationToken);

    // --- agencies and certificates

    /// <summary>All agencies with their certificates.</summary>
    Task<IReadOnlyList<AgencyRecord>> ListAgenciesAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Adds or replaces an agency's record, and records it in the audit. The id and the role of an existing one stay. The alerts (a
    /// certificate that ends soon) commit with it, unnumbered.
    /// </summary>
    Task<AppendOutcome> SaveAgencyAsync(
        AgencyRecord agency, IReadOnlyList<Alert> alerts, AuditDraft draft, CancellationToken cancellationToken);

    // --- upkeep

    /// <summary>
    /// Tags of identifiers of some parts that have live claims past <paramref name="expiredBy"/>, or unannounced ones ending before
    /// <paramref name="noticeBy"/>.
    /// </summary>
    Task<IReadOnlyList<Tag>> FindDueAsync(
        DateTimeOffset expiredBy, DateTimeOffset noticeBy, SweepParts parts, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// One bounded step of purging (rule 8): claims ended before <paramref name="endedBefore"/> with their values and overlaps,
    /// acknowledged alerts older than the same, audit entries before <paramref name="auditBefore"/>. Unacknowledged alerts stay.
    /// Identifier versions stay. Returns how many rows went; 0 when there is nothing left to do.
    /// </summary>
    Task<int> PurgeAsync(DateTimeOffset endedBefore, DateTimeOffset auditBefore, int limit, CancellationToken cancellationToken);

    /// <summary>Identifiers by tag order after a tag, each with one live claim's sealed part, for re-reading the hazard catalogue.</summary>
    Task<IReadOnlyList<IdentifierSample>> ListIdentifiersAsync(Tag? after, int limit, CancellationToken cancellationToken);

    // --- audit

    /// <summary>Audit entries, oldest first.</summary>
    Task<IReadOnlyList<AuditEntry>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken);

    /// <summary>Follows every writer's chain and names the first bad entry.</summary>
    Task<AuditVerification> VerifyAuditAsync(CancellationToken cancellationToken);

    // --- settings of the store

    /// <summary>A setting of the store (a key's check value, the catalogue's fingerprint), or nothing.</summary>
    Task<string?> ReadSettingAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes a setting of the store.</summary>
    Task WriteSettingAsync(string name, string value, CancellationToken cancellationToken);

    /// <summary>Writes a setting of the store where it is what it was read as (<see langword="null"/>: not there). False, and nothing written, where it is not.</summary>
    Task<bool> ReplaceSettingAsync(string name, string? expected, string value, CancellationToken cancellationToken);

    /// <summary>Row counts and sizes, for operators.</summary>
    Task<LedgerStatistics> ReadStatisticsAsync(CancellationToken cancellationToken);
}

/// <summary>Which queue: bulk never delays the interactive (rule 9).</summary>
public enum Lane
{
    /// <summary>Somebody waits for the answer.</summary>
    Interactive = 0,

    /// <summary>An import.</summary>
    Bulk = 1,
}
