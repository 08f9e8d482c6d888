using Deconfliction.Dashboard.Telemetry;

namespace Deconfliction.Dashboard.Nodes;

/// <summary>The one node of a solo server, and this node's own view in a cluster.</summary>
internal sealed class SoloNodes(ILocalNode node, Recorder recorder, TimeProvider time) : INodeViews
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeView>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<NodeView>>([Read()]);

    /// <inheritdoc/>
    public Task NextAsync(CancellationToken cancellationToken) => recorder.NextAsync(cancellationToken);

    private NodeView Read()
    {
        var fine = recorder.Ring.Fine();
        return new NodeView
        {
            Name = node.Name,
            State = node.IsDraining ? NodeState.Draining : node.Problem.Length > 0 ? NodeState.NotReady : NodeState.Active,
            Problem = node.Problem,
            Version = node.Version,
            StartedAt = recorder.StartedAt,
            LastHeartbeat = time.GetUtcNow(),
            Fine = fine,
            Coarse = recorder.Ring.Coarse(),
            Problems = node.Problems(),
            Agencies = node.Agencies(),
            Identifiers = node.Identifiers(),
            Overlaps = node.Overlaps(),
        };
    }
}
