using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;
using Deconfliction.Ledger.Snapshots;

namespace Deconfliction.Ledger.Grouping;

// What goes straight to the store; each attempt counts for the health.
internal sealed partial class GroupedLedger
{
    /// <inheritdoc/>
    public Task<LongIdentifierRecord?> LoadLongAsync(Tag tag, long? after, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.LoadLongAsync(tag, after, cancellationToken));

    /// <inheritdoc/>
    public Task<StoredSnapshot?> ReadSnapshotAsync(Tag tag, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ReadSnapshotAsync(tag, cancellationToken));

    /// <inheritdoc/>
    public Task WriteSnapshotAsync(Tag tag, StoredSnapshot snapshot, CancellationToken cancellationToken) =>
        WatchAsync(async () =>
        {
            await _records.WriteSnapshotAsync(tag, snapshot, cancellationToken);
            return true;
        });

    /// <inheritdoc/>
    public Task<RecordedRequest?> FindRequestAsync(AgencyId agency, Guid requestId, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.FindRequestAsync(agency, requestId, cancellationToken));

    /// <inheritdoc/>
    public Task<OwnedClaim?> FindClaimAsync(AgencyId agency, Guid claimId, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.FindClaimAsync(agency, claimId, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<OwnedClaim>> ListClaimsAsync(ClaimQuery query, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ListClaimsAsync(query, cancellationToken));

    /// <inheritdoc/>
    public Task<OverlapRecord?> FindOverlapAsync(AgencyId agency, Guid overlapId, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.FindOverlapAsync(agency, overlapId, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<OverlapRecord>> ListOverlapsAsync(OverlapQuery query, CancellationToken cancellationToken) =>
        // Each own duplicate of an import asks for this.
        query is { OwnClaim: not null, After: null, Case: null, SeenMoreAs: null }
            ? _overlaps.SubmitAsync(query, cancellationToken)
            : WatchAsync(() => _records.ListOverlapsAsync(query, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<OwnedClaim>> ReadClaimsAsync(
        IReadOnlyList<Guid> claimIds, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ReadClaimsAsync(claimIds, cancellationToken));

    /// <inheritdoc/>
    public Task<FeedBounds> ReadFeedBoundsAsync(AgencyId agency, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ReadFeedBoundsAsync(agency, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Alert>> ReadUnnumberedAsync(
        AgencyId agency, int limit, CancellationToken cancellationToken) =>
        _unnumbered.SubmitAsync(new FeedQuery(agency, After: 0, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FeedEntry>> ReadFeedAsync(
        AgencyId agency, long after, int limit, CancellationToken cancellationToken) =>
        _feeds.SubmitAsync(new FeedQuery(agency, after, limit), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<AgencyId>> FindUnnumberedAgenciesAsync(int limit, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.FindUnnumberedAgenciesAsync(limit, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<AgencyRecord>> ListAgenciesAsync(CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ListAgenciesAsync(cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<Tag>> FindDueAsync(
        DateTimeOffset expiredBy, DateTimeOffset noticeBy, SweepParts parts, int limit, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.FindDueAsync(expiredBy, noticeBy, parts, limit, cancellationToken));

    /// <inheritdoc/>
    public Task<int> PurgeAsync(
        DateTimeOffset endedBefore, DateTimeOffset auditBefore, int limit, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.PurgeAsync(endedBefore, auditBefore, limit, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<IdentifierSample>> ListIdentifiersAsync(
        Tag? after, int limit, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ListIdentifiersAsync(after, limit, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuditEntry>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ListAuditAsync(query, cancellationToken));

    /// <inheritdoc/>
    public Task<AuditVerification> VerifyAuditAsync(CancellationToken cancellationToken) =>
        WatchAsync(() => _records.VerifyAuditAsync(cancellationToken));

    /// <inheritdoc/>
    public Task<string?> ReadSettingAsync(string name, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ReadSettingAsync(name, cancellationToken));

    /// <inheritdoc/>
    public Task WriteSettingAsync(string name, string value, CancellationToken cancellationToken) =>
        WatchAsync(async () =>
        {
            await _records.WriteSettingAsync(name, value, cancellationToken);
            return true;
        });

    /// <inheritdoc/>
    public Task<bool> ReplaceSettingAsync(string name, string? expected, string value, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ReplaceSettingAsync(name, expected, value, cancellationToken));

    /// <inheritdoc/>
    public Task<LedgerStatistics> ReadStatisticsAsync(CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ReadStatisticsAsync(cancellationToken));
}
