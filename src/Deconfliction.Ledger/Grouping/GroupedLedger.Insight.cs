using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Insight;

namespace Deconfliction.Ledger.Grouping;

// What operators' pages read goes straight to the store; each attempt counts for the health.
internal sealed partial class GroupedLedger : ILedgerInsight
{
    /// <inheritdoc/>
    public Task<LedgerShape> ReadShapeAsync(CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ReadShapeAsync(cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<AuditEntry>> ReadOperationsAsync(int limit, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ReadOperationsAsync(limit, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<OverlapProgress>> ReadProgressAsync(IReadOnlyList<Guid> overlapIds, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ReadProgressAsync(overlapIds, cancellationToken));

    /// <inheritdoc/>
    public Task<HazardCensus> ReadHazardsAsync(int crowds, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.ReadHazardsAsync(crowds, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<SampledIdentifier>> SampleAsync(Tag from, int identifiers, int mostClaims, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.SampleAsync(from, identifiers, mostClaims, cancellationToken));

    /// <inheritdoc/>
    public Task<int> CountEntriesOfAsync(Claim claim, Tag tag, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.CountEntriesOfAsync(claim, tag, cancellationToken));

    /// <inheritdoc/>
    public Task<AuditVerification> VerifyAuditTailAsync(int entries, CancellationToken cancellationToken) =>
        WatchAsync(() => _records.VerifyAuditTailAsync(entries, cancellationToken));
}
