using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Identifiers;

namespace Deconfliction.Gateway.Watching;

/// <summary>
/// What the gateway counts of its own work for the operations pages: in memory, bounded, lost with the process. Never a value, and never
/// two agencies in one figure.
/// </summary>
public sealed class GatewayWatch
{
    internal GatewayWatch(GatewayOptions options, TimeProvider time) =>
        (Agencies, Problems, Identifiers) = (new AgencyTraffic(options, time), new ProblemCounts(time), new HotIdentifiers(time));

    /// <summary>Calls, claims and checks of each agency.</summary>
    public AgencyTraffic Agencies { get; }

    /// <summary>Refusals by status and reason.</summary>
    public ProblemCounts Problems { get; }

    /// <summary>Identifiers asked for most.</summary>
    public HotIdentifiers Identifiers { get; }

    /// <summary>The overlaps found last.</summary>
    public OverlapTicker Overlaps { get; } = new();

    internal void Claimed(AgencyId agency, Claims.PreparedClaim prepared)
    {
        Agencies.Claimed(agency);
        // A SILENT claim leaves no trace but in totals.
        if (prepared.Command.Draft.Disclosure != Domain.Claims.Disclosure.Silent)
        {
            Identifiers.Asked(prepared.Key.Tag, prepared.Content.Identifier.Kind, prepared.Command.Hazard);
        }
    }

    internal void Checked(AgencyId agency, Tag tag, IdentifierKind kind, string? hazard, bool isHit)
    {
        Agencies.Checked(agency, isHit);
        Identifiers.Asked(tag, kind, hazard);
    }
}
