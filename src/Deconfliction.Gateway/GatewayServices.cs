using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Gateway.Access;
using Deconfliction.Gateway.Agencies;
using Deconfliction.Gateway.Alerts;
using Deconfliction.Gateway.Audit;
using Deconfliction.Gateway.Budgets;
using Deconfliction.Gateway.Checks;
using Deconfliction.Gateway.Claims;
using Deconfliction.Gateway.Hazards;
using Deconfliction.Gateway.Identity;
using Deconfliction.Gateway.Input;
using Deconfliction.Gateway.Keys;
using Deconfliction.Gateway.Overlaps;
using Deconfliction.Gateway.Paging;
using Deconfliction.Gateway.Views;
using Deconfliction.Grid;
using Deconfliction.Grid.Agencies;
using Deconfliction.Grid.Budgets;
using Deconfliction.Rpc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Deconfliction.Gateway;

/// <summary>What the gateway stands on, made by the host before it.</summary>
/// <param name="Grid">The grid.</param>
/// <param name="Agencies">The agencies.</param>
/// <param name="Budgets">Where the agencies' budgets are kept.</param>
/// <param name="Ids">Makes the numbers of claims.</param>
/// <param name="Store">The store beside the grid.</param>
/// <param name="Keys">The key ring, admitted by <see cref="KeyRingCheck"/>.</param>
/// <param name="Authority">The grid's own authority.</param>
/// <param name="Trust">Whose certificates are taken.</param>
/// <param name="IssuesCertificates">Whether the grid's own authority issues agencies' certificates.</param>
/// <param name="Catalogue">The hazards.</param>
/// <param name="Options">What operators set.</param>
/// <param name="Time">The clock of certificates, budgets and time-outs.</param>
public sealed record GatewayParts(
    IGrid Grid,
    IAgencyDirectory Agencies,
    IBudgets Budgets,
    IIdSource Ids,
    IGatewayStore Store,
    KeyRing Keys,
    BuiltInAuthority Authority,
    TrustStore Trust,
    bool IssuesCertificates,
    HazardCatalogue Catalogue,
    GatewayOptions Options,
    TimeProvider Time);

/// <summary>Registers and maps the gateway: the one way in.</summary>
public static class GatewayServices
{
    /// <summary>The full names of the services that are for agencies, as health is asked for by.</summary>
    public static IEnumerable<string> ServiceNames => MethodAccess.Services.Select(service => service.FullName);

    /// <summary>Adds the gateway's services, with gRPC beneath them.</summary>
    public static IServiceCollection AddGateway(this IServiceCollection services, GatewayParts parts)
    {
        ArgumentNullException.ThrowIfNull(parts);
        services.AddSingleton(parts.Grid).AddSingleton(parts.Agencies).AddSingleton(parts.Budgets).AddSingleton(parts.Ids).AddSingleton(parts.Store);
        services.AddSingleton(parts.Keys).AddSingleton(parts.Authority).AddSingleton(parts.Trust);
        services.AddSingleton(parts.Catalogue).AddSingleton(parts.Options).AddSingleton(parts.Time);
        services.AddSingleton(new CertificateIssuing(parts.Authority, parts.IssuesCertificates));
        services.AddSingleton<Tagger>().AddSingleton<Sealer>().AddSingleton<PayloadHasher>().AddSingleton<PageTokens>();
        services.AddSingleton<AgencyDomains>().AddSingleton<PeerAuthentication>().AddSingleton<AgencyBudgets>();
        services.AddSingleton<RequestContexts>().AddSingleton<ClaimReader>().AddSingleton<AgencyReader>();
        services.AddSingleton<ClaimViews>().AddSingleton<OverlapViews>().AddSingleton<AlertViews>();
        services.AddSingleton<ClaimMaker>().AddSingleton<ClaimAnswers>().AddSingleton<ClaimChanges>().AddSingleton<ClaimImport>();
        services.AddSingleton<ClaimService>().AddSingleton<CheckService>().AddSingleton<OverlapService>();
        services.AddSingleton<AlertService>().AddSingleton<AgencyService>().AddSingleton<AuditService>();
        services.AddSingleton<HazardPass>().AddHostedService<HazardPassHost>();
        services.AddSingleton<GatewayInterceptor>();
        return services.AddRpc(rpc => rpc.Interceptors.Add<GatewayInterceptor>());
    }

    /// <summary>Maps the services of deconfliction.v1, health and reflection.</summary>
    public static void MapGateway(this IEndpointRouteBuilder endpoints)
    {
        var services = MethodAccess.Services;
        endpoints.MapRpcService<ClaimService>(services[0]);
        endpoints.MapRpcService<CheckService>(services[1]);
        endpoints.MapRpcService<OverlapService>(services[2]);
        endpoints.MapRpcService<AlertService>(services[3]);
        endpoints.MapRpcService<AgencyService>(services[4]);
        endpoints.MapRpcService<AuditService>(services[5]);
        endpoints.MapRpcHealth();
        endpoints.MapRpcReflection();
    }
}
