namespace Deconfliction.Dashboard.Nodes;

/// <summary>The one node of a solo server.</summary>
internal sealed class SoloNodes(LocalView local) : INodeViews
{
    /// <inheritdoc/>
    public IReadOnlyList<MembershipChange> Changes => [new(local.StartedAt, local.Name, MembershipStep.Started)];

    /// <inheritdoc/>
    public Task<IReadOnlyList<NodeView>> ReadAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<NodeView>>([local.Read()]);

    /// <inheritdoc/>
    public Task NextAsync(CancellationToken cancellationToken) => local.NextAsync(cancellationToken);
}
