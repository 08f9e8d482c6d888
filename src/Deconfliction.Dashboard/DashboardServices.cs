using Deconfliction.Dashboard.Access;
using Deconfliction.Dashboard.Invariants;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Dashboard.Panels;
using Deconfliction.Dashboard.Panels.Agencies;
using Deconfliction.Dashboard.Panels.Identifiers;
using Deconfliction.Dashboard.Panels.Nodes;
using Deconfliction.Dashboard.Panels.Operations;
using Deconfliction.Dashboard.Panels.Overview;
using Deconfliction.Dashboard.Panels.Store;
using Deconfliction.Dashboard.Telemetry;
using Deconfliction.Dashboard.Web;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Insight;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Dashboard;

/// <summary>Registers the operations pages.</summary>
public static class DashboardServices
{
    /// <summary>
    /// Adds the pages over a ledger. The host has registered <see cref="ILocalNode"/>, <see cref="INodeControl"/> and
    /// <see cref="TimeProvider"/>; a cluster's has registered its own <see cref="INodeViews"/> too.
    /// </summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, ILedger ledger, DashboardOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        services.AddSingleton(options).AddSingleton(ledger);
        services.AddSingleton((ILedgerInsight)ledger);
        services.AddSingleton<Recorder>().AddHostedService(provider => provider.GetRequiredService<Recorder>());
        services.AddSingleton<InvariantMonitor>().AddHostedService(provider => provider.GetRequiredService<InvariantMonitor>());
        services.AddSingleton(provider => new LocalView(
            provider.GetRequiredService<ILocalNode>(), provider.GetRequiredService<Recorder>(), provider.GetRequiredService<Pseudonyms>(),
            provider.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton<INodeViews, SoloNodes>();
        services.AddSingleton<OneTimeLink>().AddSingleton<AccessTokens>().AddSingleton<Sessions>().AddSingleton<Attempts>();
        services.AddSingleton<Journal>().AddSingleton<Admission>();
        services.AddSingleton(provider => new Pseudonyms(options.PseudonymKey.ToArray(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<VerdictPanel>().AddSingleton<NowPanel>().AddSingleton<ThroughputPanel>().AddSingleton<LatencyPanel>();
        services.AddSingleton<OverlapsPanel>().AddSingleton<ErrorsPanel>().AddSingleton<CallsPanel>().AddSingleton<DayPanel>().AddSingleton<CommitPanel>();
        services.AddSingleton<NodesPanel>().AddSingleton<MembershipPanel>().AddSingleton<ResourcesPanel>().AddSingleton<AgenciesPanel>().AddSingleton<HotPanel>().AddSingleton<HeldPanel>();
        services.AddSingleton<SizePanel>().AddSingleton<InvariantsPanel>().AddSingleton<ShapePanel>().AddSingleton<OperationsPanel>();
        services.AddSingleton<PanelCatalog>().AddSingleton<PanelReading>().AddSingleton<Renderer>().AddSingleton<EmbeddedAssets>();
        services.AddSingleton<LiveStream>().AddSingleton<Actions>();
        return services.AddSingleton(provider => new OpsDashboard(
            options, provider.GetRequiredService<Admission>(), provider.GetRequiredService<OneTimeLink>(), provider.GetRequiredService<PanelCatalog>(),
            provider.GetRequiredService<PanelReading>(), provider.GetRequiredService<INodeViews>(), provider.GetRequiredService<Renderer>(),
            provider.GetRequiredService<LiveStream>(), provider.GetRequiredService<Actions>(), provider.GetRequiredService<EmbeddedAssets>(),
            provider.GetRequiredService<Journal>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<OpsDashboard>>()));
    }
}
