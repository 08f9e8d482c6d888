using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Agencies;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Claims;
using Deconfliction.Ledger.Feeds;
using Deconfliction.Ledger.Insight;
using Deconfliction.Ledger.Snapshots;

namespace Deconfliction.Ledger.Appending;

/// <summary>What a store answers directly, one call a round trip. Each means what <see cref="ILedger"/> says of its namesake.</summary>
internal interface ILedgerRecords : ILedgerInsight
{
    Task<LongIdentifierRecord?> LoadLongAsync(Tag tag, long? after, CancellationToken cancellationToken);

    Task<StoredSnapshot?> ReadSnapshotAsync(Tag tag, CancellationToken cancellationToken);

    Task WriteSnapshotAsync(Tag tag, StoredSnapshot snapshot, CancellationToken cancellationToken);

    Task<RecordedRequest?> FindRequestAsync(AgencyId agency, Guid requestId, CancellationToken cancellationToken);

    Task<OwnedClaim?> FindClaimAsync(AgencyId agency, Guid claimId, CancellationToken cancellationToken);

    Task<IReadOnlyList<OwnedClaim>> ListClaimsAsync(ClaimQuery query, CancellationToken cancellationToken);

    Task<OverlapRecord?> FindOverlapAsync(AgencyId agency, Guid overlapId, CancellationToken cancellationToken);

    Task<IReadOnlyList<OverlapRecord>> ListOverlapsAsync(OverlapQuery query, CancellationToken cancellationToken);

    Task<IReadOnlyList<OwnedClaim>> ReadClaimsAsync(IReadOnlyList<Guid> claimIds, CancellationToken cancellationToken);

    Task<FeedBounds> ReadFeedBoundsAsync(AgencyId agency, CancellationToken cancellationToken);

    Task<IReadOnlyList<AgencyId>> FindUnnumberedAgenciesAsync(int limit, CancellationToken cancellationToken);

    Task<IReadOnlyList<AgencyRecord>> ListAgenciesAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<Tag>> FindDueAsync(
        DateTimeOffset expiredBy, DateTimeOffset noticeBy, SweepParts parts, int limit, CancellationToken cancellationToken);

    Task<int> PurgeAsync(DateTimeOffset endedBefore, DateTimeOffset auditBefore, int limit, CancellationToken cancellationToken);

    Task<IReadOnlyList<IdentifierSample>> ListIdentifiersAsync(Tag? after, int limit, CancellationToken cancellationToken);

    Task<IReadOnlyList<AuditEntry>> ListAuditAsync(AuditQuery query, CancellationToken cancellationToken);

    Task<AuditVerification> VerifyAuditAsync(CancellationToken cancellationToken);

    Task<string?> ReadSettingAsync(string name, CancellationToken cancellationToken);

    Task WriteSettingAsync(string name, string value, CancellationToken cancellationToken);

    Task<bool> ReplaceSettingAsync(string name, string? expected, string value, CancellationToken cancellationToken);

    Task<LedgerStatistics> ReadStatisticsAsync(CancellationToken cancellationToken);
}
