using Deconfliction.Dashboard.Panels.Identifiers;
using Deconfliction.Dashboard.Telemetry;

namespace Deconfliction.Dashboard.Nodes;

/// <summary>This node as the pages show it, here and on other nodes.</summary>
public sealed class LocalView
{
    private readonly ILocalNode _node;
    private readonly Recorder _recorder;
    private readonly Pseudonyms _pseudonyms;
    private readonly TimeProvider _time;

    internal LocalView(ILocalNode node, Recorder recorder, Pseudonyms pseudonyms, TimeProvider time) =>
        (_node, _recorder, _pseudonyms, _time) = (node, recorder, pseudonyms, time);

    /// <summary>Its name.</summary>
    public string Name => _node.Name;

    /// <summary>Since when it runs.</summary>
    public DateTimeOffset StartedAt => _recorder.StartedAt;

    /// <summary>All of it.</summary>
    public NodeView Read() => ReadWithoutSamples() with { Fine = _recorder.Ring.Fine(), Coarse = _recorder.Ring.Coarse() };

    /// <summary>All of it but the samples.</summary>
    public NodeView ReadWithoutSamples() => new()
    {
        Name = _node.Name,
        State = _node.IsDraining ? NodeState.Draining : _node.Problem.Length > 0 ? NodeState.NotReady : NodeState.Active,
        Problem = _node.Problem,
        Version = _node.Version,
        StartedAt = _recorder.StartedAt,
        LastHeartbeat = _time.GetUtcNow(),
        Problems = _node.Problems(),
        Agencies = _node.Agencies(),
        Identifiers = [.. _node.Identifiers().Select(one => new BusyIdentifier(_pseudonyms.Of(one.Tag), one.Kind, one.Hazard, one.Count))],
        Overlaps = _node.Overlaps(),
    };

    /// <summary>The samples after a mark, at most so many of each length.</summary>
    public SampleBatch SamplesAfter(SampleMark mark, int most) => _recorder.Ring.After(mark, most);

    /// <summary>Completes when the next sample is there.</summary>
    public Task NextAsync(CancellationToken cancellationToken) => _recorder.NextAsync(cancellationToken);
}
