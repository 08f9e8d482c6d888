using System.Collections.Concurrent;
using Deconfliction.Dashboard.Nodes;
using Deconfliction.Silo.Notices;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Deconfliction.Silo.Panels;

/// <summary>
/// All silos, for this silo's operations pages: itself, what the others say of themselves, and of those that do not, what the membership
/// says. The others are asked while somebody looks, and at no other time.
/// </summary>
internal sealed class ClusterNodes(
    IClusterMembershipService membership, ILocalSiloDetails here, MembershipRecord record, NoticeBoard board, LocalPanel own, LocalView local,
    INodeControl control, TimeProvider time, ILogger<ClusterNodes> log) : INodeViews, INodeControl
{
    private static readonly TimeSpan s_tick = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_drainPatience = TimeSpan.FromSeconds(3);

    // One that left as it was told to is no news any more.
    private static readonly TimeSpan s_leftShown = TimeSpan.FromHours(1);
    private readonly ConcurrentDictionary<SiloAddress, SiloLine> _lines = new();

    /// <inheritdoc/>
    public IReadOnlyList<MembershipChange> Changes => record.Changes(
        _lines.Where(static line => line.Value.JoinedAt is not null).ToDictionary(static line => line.Key, static line => line.Value.JoinedAt!.Value));

    /// <inheritdoc/>
    public async Task<IReadOnlyList<NodeView>> ReadAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(AskAsync(), Task.Delay(s_patience, time, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        return [.. Shown().Select(View)];
    }

    /// <inheritdoc/>
    public async Task NextAsync(CancellationToken cancellationToken)
    {
        var next = local.NextAsync(cancellationToken);
        var before = States();
        using var timer = new PeriodicTimer(s_tick, time);
        while (!next.IsCompleted && await timer.WaitForNextTickAsync(cancellationToken))
        {
            _ = AskAsync();
            if (States() != before)
            {
                return;
            }
        }

        await next;
    }

    /// <inheritdoc/>
    public async Task<DrainResult> DrainAsync(string node, CancellationToken cancellationToken)
    {
        if (string.Equals(node, local.Name, StringComparison.Ordinal))
        {
            return await control.DrainAsync(node, cancellationToken);
        }

        return Shown().FirstOrDefault(member => member.Name == node && member.Status == SiloStatus.Active) is not { } member ? DrainResult.Unknown
            : await board.DrainAsync(member.SiloAddress, s_drainPatience) ? DrainResult.Told
            : DrainResult.NotReached;
    }

    private Task AskAsync()
    {
        var members = membership.CurrentSnapshot.Members;
        foreach (var gone in _lines.Keys.Where(silo => !members.ContainsKey(silo)))
        {
            _lines.TryRemove(gone, out _);
        }

        return Task.WhenAll(board.Others().Select(silo => LineTo(silo).AskAsync()).Append(record.RefreshAsync()));
    }

    private SiloLine LineTo(SiloAddress silo) => _lines.GetOrAdd(silo, static (address, with) => new SiloLine(address.ToString(), new RemotePanel(address, with.board), with.time, with.log), (board, time, log));

    // The last start of each name: those before it are in the record alone.
    private IEnumerable<ClusterMember> Shown() => membership.CurrentSnapshot.Members.Values
        .GroupBy(static member => member.Name, StringComparer.Ordinal)
        .Select(static starts => starts.MaxBy(static member => member.SiloAddress.Generation)!)
        .Where(member => StateOf(member).State != NodeState.Left || time.GetUtcNow() - record.GoneAt(member.SiloAddress) < s_leftShown)
        .OrderBy(static member => member.Name, StringComparer.Ordinal);

    private string States() => string.Join(' ', Shown().Select(member =>
        $"{member.Name} {StateOf(member).State} {record.SuspicionsOf(member.SiloAddress)}"));

    private (NodeState State, string Problem) StateOf(ClusterMember member) => member.Status switch
    {
        SiloStatus.Dead => (record.WasDeclaredDead(member.SiloAddress) ? NodeState.Dead : NodeState.Left, ""),
        SiloStatus.ShuttingDown or SiloStatus.Stopping => (NodeState.Draining, ""),
        SiloStatus.Active when _lines.TryGetValue(member.SiloAddress, out var line) =>
            line.IsSilent ? (NodeState.Silent, "") : line.Said() ?? (NodeState.Active, ""),
        SiloStatus.Active => (NodeState.Active, ""),
        _ => (NodeState.NotReady, "joining"),
    };

    private NodeView View(ClusterMember member)
    {
        var entry = record.EntryOf(member.SiloAddress);
        var suspicions = record.SuspicionsOf(member.SiloAddress);
        if (member.SiloAddress.Equals(here.SiloAddress) && own.Read() is { } self)
        {
            return self with { Suspicions = suspicions };
        }

        var line = _lines.GetValueOrDefault(member.SiloAddress);
        var (state, problem) = StateOf(member);
        var view = new NodeView
        {
            Name = member.Name,
            State = state,
            Version = "",
            StartedAt = entry is null ? time.GetUtcNow() : MembershipRecord.TimeOf(entry.StartTime),
            LastHeartbeat = time.GetUtcNow(),
        };
        view = (line?.Fill(view) ?? view) with { Problem = problem, LastHeartbeat = HeardOf(entry, line), Suspicions = suspicions };
        return state is NodeState.Dead or NodeState.Left ? view with { Agencies = [.. view.Agencies.Select(one => one with { OpenStreams = 0 })] } : view;
    }

    // By its answers here, or by what it writes into the table.
    private DateTimeOffset HeardOf(MembershipEntry? entry, SiloLine? line)
    {
        var written = entry is null ? (DateTimeOffset?)null : MembershipRecord.TimeOf(entry.IAmAliveTime > entry.StartTime ? entry.IAmAliveTime : entry.StartTime);
        return line?.HeardAt is { } answered && !(answered < written) ? answered : written ?? time.GetUtcNow();
    }
}
