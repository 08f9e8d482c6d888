using Deconfliction.Domain.Agencies;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Gateway;

/// <summary>The few things that the gateway asks of the store beside the grid.</summary>
public interface IGatewayStore
{
    /// <summary>A setting of the store, or nothing.</summary>
    Task<string?> ReadSettingAsync(string name, CancellationToken cancellationToken);

    /// <summary>Writes a setting of the store.</summary>
    Task WriteSettingAsync(string name, string value, CancellationToken cancellationToken);

    /// <summary>Whether something was recorded under a request id.</summary>
    Task<bool> IsRecordedAsync(AgencyId agency, Guid requestId, CancellationToken cancellationToken);

    /// <summary>Records an operation that the grid itself does not see (the list of agencies).</summary>
    Task RecordAsync(AuditDraft draft, CancellationToken cancellationToken);

    /// <summary>The ends of an agency's feed.</summary>
    Task<FeedBounds> ReadFeedBoundsAsync(AgencyId agency, CancellationToken cancellationToken);
}
