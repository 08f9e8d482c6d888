using System.Collections.Concurrent;
using System.Threading.Channels;

namespace Deconfliction.Rpc;

/// <summary>What a service says of itself (grpc.health.v1).</summary>
public enum ServingStatus
{
    /// <summary>It takes calls.</summary>
    Serving,

    /// <summary>It does not, for now.</summary>
    NotServing,
}

/// <summary>
/// What the server says of its services to <c>grpc.health.v1</c>. The name of the whole server is the empty one, which starts as
/// NOT_SERVING: the server says when it is ready. Safe from any thread.
/// </summary>
public sealed class HealthState
{
    /// <summary>The name of the whole server.</summary>
    public const string WholeServer = "";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ServingStatus> _statuses = new(StringComparer.Ordinal) { [WholeServer] = ServingStatus.NotServing };
    private readonly ConcurrentDictionary<Watcher, byte> _watchers = new();

    /// <summary>Says how <paramref name="service"/> (its full name, or <see cref="WholeServer"/>) is. Watchers are told.</summary>
    public void Set(string service, ServingStatus status)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            _statuses[service] = status;
            Tell();
        }
    }

    /// <summary>Says the same of all services that were ever named, and of the whole server.</summary>
    public void SetAll(ServingStatus status)
    {
        lock (_gate)
        {
            foreach (var service in _statuses.Keys)
            {
                _statuses[service] = status;
            }

            Tell();
        }
    }

    /// <summary>How <paramref name="service"/> is; null where it was never named.</summary>
    public ServingStatus? Get(string service)
    {
        ArgumentNullException.ThrowIfNull(service);
        lock (_gate)
        {
            return _statuses.TryGetValue(service, out var status) ? status : null;
        }
    }

    internal Watcher Watch() => new(this);

    private void Tell()
    {
        foreach (var watcher in _watchers.Keys)
        {
            watcher.Changed();
        }
    }

    /// <summary>Wakes when anything changed. Changes in quick succession wake it once: only the last status matters.</summary>
    internal sealed class Watcher : IDisposable
    {
        private readonly HealthState _state;
        private readonly Channel<bool> _changes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public Watcher(HealthState state)
        {
            _state = state;
            _state._watchers[this] = 0;
        }

        public void Changed() => _changes.Writer.TryWrite(true);

        public ValueTask<bool> NextAsync(CancellationToken cancellationToken) => _changes.Reader.ReadAsync(cancellationToken);

        public void Dispose() => _state._watchers.TryRemove(this, out _);
    }
}
