using System.Reflection;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Gateway.Watching;
using Microsoft.Extensions.Hosting;

namespace Deconfliction.Server.Hosting;

/// <summary>What this process says of itself on the operations pages, and what may be done to it there.</summary>
internal sealed class LocalNode(Readiness readiness, GatewayWatch watch, IEdition edition, IHostApplicationLifetime lifetime) : ILocalNode, INodeControl
{
    private const int Most = 40;
    private const int AtLeast = 5;

    public string Name => edition.NodeName;

    public string Version { get; } = Assembly.GetExecutingAssembly().GetName().Version?.ToString(3) ?? "";

    public string Problem => readiness.Problem;

    public bool IsDraining => lifetime.ApplicationStopping.IsCancellationRequested;

    public IReadOnlyList<ProblemCount> Problems() =>
        [.. watch.Problems.Read().Select(one => new ProblemCount(one.Status, one.Reason, one.Count, one.LastAt))];

    public IReadOnlyList<AgencyActivity> Agencies() =>
    [
        .. watch.Agencies.Read().Select(one => new AgencyActivity(
            one.Agency.Value, one.Calls, one.Claims, one.Checks, one.Hits, one.OpenStreams, one.LastSeen, one.BudgetUsed)),
    ];

    public IReadOnlyList<HotTag> Identifiers() =>
        [.. watch.Identifiers.Read(Most, AtLeast).Select(one => new HotTag(one.Tag, IdentifierKinds.Name(one.Kind), one.Hazard, one.Count))];

    public IReadOnlyList<RecentOverlap> Overlaps() =>
    [
        .. watch.Overlaps.Read().Select(one => new RecentOverlap(
            one.Id, one.FoundAt, one.Kind is { } kind ? IdentifierKinds.Name(kind) : null, one.Strength.ToString(), one.TimeToFlag)),
    ];

    // The host's stop is what a drain is: not ready, streams end, calls under way finish. Not awaited: the answer must still go out.
    public Task<DrainResult> DrainAsync(string node, CancellationToken cancellationToken)
    {
        var isThis = string.Equals(node, Name, StringComparison.Ordinal);
        if (isThis)
        {
            lifetime.StopApplication();
        }

        return Task.FromResult(isThis ? DrainResult.Told : DrainResult.Unknown);
    }
}
