using Deconfliction.Domain.Identifiers;
using Deconfliction.Gateway.Views;
using Deconfliction.Grid;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Gateway.Hazards;

/// <summary>
/// After the hazard catalogue has changed: reads every identifier of the store again and tells those for which the catalogue now says
/// something else. Safe to repeat; the store keeps the catalogue's fingerprint once it is done.
/// </summary>
internal sealed class HazardPass(
    IGrid grid, IGatewayStore store, ClaimViews claims, HazardCatalogue catalogue, TimeProvider time, ILogger<HazardPass> log)
{
    private const string Setting = "hazard-catalogue";
    private const int Page = 1_000;
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromSeconds(30);

    /// <summary>Runs until it is done or told to stop; what fails is tried again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync(cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                GatewayLog.HazardPassFailed(log, exception.GetType().Name);
            }

            await Task.Delay(s_retryAfter, time, cancellationToken);
        }
    }

    /// <summary>One pass, where the catalogue is not the one that the store has been read by.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        var known = await store.ReadSettingAsync(Setting, cancellationToken);
        if (string.Equals(known, catalogue.Fingerprint, StringComparison.Ordinal))
        {
            return;
        }

        long read = 0;
        long changed = 0;
        Tag? after = null;
        while (await grid.ListIdentifiersAsync(after, Page, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var sample in page)
            {
                var content = claims.Open(sample.Claim);
                var now = catalogue.Find(content.Identifier)?.Reason;
                if (!string.Equals(now, sample.Hazard, StringComparison.Ordinal))
                {
                    await grid.SetHazardAsync(new TagKey(sample.Tag, KeyId: 0), now, cancellationToken);
                    changed++;
                }

                after = sample.Tag;
            }

            read += page.Count;
        }

        await store.WriteSettingAsync(Setting, catalogue.Fingerprint, cancellationToken);
        GatewayLog.HazardPassDone(log, read, changed);
    }
}
