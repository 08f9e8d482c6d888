using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Server.Hosting;

/// <summary>What the gateway asks of the store, from the ledger.</summary>
internal sealed class LedgerGatewayStore(ILedger ledger) : IGatewayStore
{
    public Task<string?> ReadSettingAsync(string name, CancellationToken cancellationToken) =>
        ledger.ReadSettingAsync(name, cancellationToken);

    public Task WriteSettingAsync(string name, string value, CancellationToken cancellationToken) =>
        ledger.WriteSettingAsync(name, value, cancellationToken);

    public async Task<bool> IsRecordedAsync(AgencyId agency, Guid requestId, CancellationToken cancellationToken) =>
        await ledger.FindRequestAsync(agency, requestId, cancellationToken) is not null;

    public async Task RecordAsync(AuditDraft draft, CancellationToken cancellationToken) =>
        _ = await ledger.RecordAsync(draft, Lane.Interactive, cancellationToken);

    public Task<FeedBounds> ReadFeedBoundsAsync(AgencyId agency, CancellationToken cancellationToken) =>
        ledger.ReadFeedBoundsAsync(agency, cancellationToken);
}
