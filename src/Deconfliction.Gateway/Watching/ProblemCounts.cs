using System.Collections.Concurrent;
using Deconfliction.Gateway.Errors;
using Deconfliction.Rpc;

namespace Deconfliction.Gateway.Watching;

/// <summary>How often something was refused for a reason, since the node started.</summary>
/// <param name="Status">gRPC status.</param>
/// <param name="Reason">The reason, as callers get it.</param>
/// <param name="Count">How often.</param>
/// <param name="LastAt">When last.</param>
public sealed record ProblemFigure(string Status, string Reason, long Count, DateTimeOffset LastAt);

/// <summary>Counts refusals of calls and of items in streams. The reasons are the gateway's own words, so there are few. Thread-safe.</summary>
public sealed class ProblemCounts
{
    private readonly ConcurrentDictionary<(string Status, string Reason), Figure> _counts = new();
    private readonly TimeProvider _time;

    internal ProblemCounts(TimeProvider time) => _time = time;

    /// <summary>All of them.</summary>
    public IReadOnlyList<ProblemFigure> Read() =>
        [.. _counts.Select(one => new ProblemFigure(one.Key.Status, one.Key.Reason, Volatile.Read(ref one.Value.Count), new DateTimeOffset(Volatile.Read(ref one.Value.LastTicks), TimeSpan.Zero)))];

    internal void Add(Problem problem)
    {
        var figure = _counts.GetOrAdd((StatusCodeNames.Of((int)problem.Code), problem.Reason), static _ => new Figure());
        Interlocked.Increment(ref figure.Count);
        Volatile.Write(ref figure.LastTicks, _time.GetUtcNow().UtcTicks);
    }

    private sealed class Figure
    {
        public long Count;
        public long LastTicks;
    }
}
