using Deconfliction.Domain.Agencies;
using Deconfliction.Ledger.Auditing;
using Deconfliction.Ledger.Feeds;

namespace Deconfliction.Gateway.Tests.Setup;

/// <summary>A store that answers as a test says, and counts how often it was asked.</summary>
internal sealed class HandStore : IGatewayStore
{
    private int _asked;

    /// <summary>Its next answer.</summary>
    public Func<CancellationToken, Task<string?>> Answer { get; set; } = static _ => Task.FromResult<string?>("");

    public int Asked => Volatile.Read(ref _asked);

    public Task<string?> ReadSettingAsync(string name, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _asked);
        return Answer(cancellationToken);
    }

    public Task WriteSettingAsync(string name, string value, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> IsRecordedAsync(AgencyId agency, Guid requestId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RecordAsync(AuditDraft draft, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<FeedBounds> ReadFeedBoundsAsync(AgencyId agency, CancellationToken cancellationToken) => throw new NotSupportedException();
}
