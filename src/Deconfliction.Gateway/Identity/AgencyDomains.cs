using System.Collections.Concurrent;
using Deconfliction.Domain.Agencies;

namespace Deconfliction.Gateway.Identity;

/// <summary>
/// Which trust domain each agency belongs to: set when it is added, and never changed. Without it one authority could name an
/// agency of another's domain under its own. Agencies without an entry belong to the default domain.
/// </summary>
public sealed class AgencyDomains(TrustStore trust, IGatewayStore store)
{
    private const string Prefix = "agency-domain/";
    private readonly ConcurrentDictionary<AgencyId, TrustDomain> _known = new();

    /// <summary>The domain of agencies that are added without one.</summary>
    public TrustDomain Default => trust.DefaultDomain;

    /// <summary>The agency's domain, where it has been asked for before; else nothing.</summary>
    public TrustDomain? Known(AgencyId agency) => _known.TryGetValue(agency, out var domain) ? domain : null;

    /// <summary>The agency's domain.</summary>
    public async Task<TrustDomain> OfAsync(AgencyId agency, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(agency, out var known))
        {
            return known;
        }

        var text = await store.ReadSettingAsync(Prefix + agency.Value, cancellationToken);
        var domain = TrustDomain.TryParse(text, out var stored) ? stored : trust.DefaultDomain;
        // Only agencies that exist are asked for, so this grows no further than their number.
        return _known.GetOrAdd(agency, domain);
    }

    /// <summary>Says which domain a new agency belongs to; before it is added.</summary>
    public async Task BindAsync(AgencyId agency, TrustDomain domain, CancellationToken cancellationToken)
    {
        await store.WriteSettingAsync(Prefix + agency.Value, domain.Name, cancellationToken);
        _known[agency] = domain;
    }
}
