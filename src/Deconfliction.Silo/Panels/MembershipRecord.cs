using Deconfliction.Dashboard.Nodes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Deconfliction.Silo.Panels;

/// <summary>
/// How silos came and went: what this silo saw as it happened, and of what was before, what Orleans' table still tells. When a silo
/// joined, the table does not keep: whoever was there before this one says so itself. Bounded, in memory.
/// </summary>
internal sealed class MembershipRecord(
    IClusterMembershipService membership, IMembershipTable table, ILocalSiloDetails here, TimeProvider time, ILogger<MembershipRecord> log)
    : BackgroundService
{
    private const int MostSeen = 200;
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Queue<Seen> _seen = new();
    private IReadOnlyDictionary<SiloAddress, MembershipEntry> _entries = new Dictionary<SiloAddress, MembershipEntry>();
    private Task _reading = Task.CompletedTask;
    private long _readAt;
    private MembershipVersion _readVersion = MembershipVersion.MinValue;
    private DateTimeOffset? _joinedAt;

    /// <summary>When this silo joined; nothing before it has.</summary>
    public DateTimeOffset? JoinedAt
    {
        get
        {
            lock (_gate)
            {
                return _joinedAt;
            }
        }
    }

    /// <summary>Reads the table, where it has changed or was not read for a while. Completes when that is done, or has taken too long.</summary>
    public Task RefreshAsync()
    {
        var version = membership.CurrentSnapshot.Version;
        lock (_gate)
        {
            if (_reading.IsCompleted && (_readAt == 0 || version > _readVersion || time.GetElapsedTime(_readAt) >= s_interval))
            {
                (_readAt, _readVersion) = (time.GetTimestamp(), version);
                _reading = Task.Run(ReadAsync);
            }

            return _reading;
        }
    }

    /// <summary>What the table says of a silo; nothing where it does not know it.</summary>
    public MembershipEntry? EntryOf(SiloAddress silo)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(silo);
        }
    }

    /// <summary>How many others voted that a silo is dead.</summary>
    public int SuspicionsOf(SiloAddress silo) => EntryOf(silo) is { } entry ? Votes(entry).Select(static vote => vote.Item1).Distinct().Count() : 0;

    /// <summary>Whether one that is gone was declared dead by others; else it left by itself.</summary>
    public bool WasDeclaredDead(SiloAddress silo)
    {
        lock (_gate)
        {
            return _entries.GetValueOrDefault(silo) is { Status: SiloStatus.Dead } entry
                ? Votes(entry).Any()
                : _seen.LastOrDefault(one => one.Silo.Equals(silo) && one.Status == SiloStatus.Dead)?.Before == SiloStatus.Active;
        }
    }

    /// <summary>When it was seen to be gone, as well as that is known.</summary>
    public DateTimeOffset? GoneAt(SiloAddress silo)
    {
        lock (_gate)
        {
            return _seen.LastOrDefault(one => one.Silo.Equals(silo) && one.Status == SiloStatus.Dead)?.At
                ?? (_entries.GetValueOrDefault(silo) is { Status: SiloStatus.Dead } entry ? LastTraceOf(entry) : null);
        }
    }

    /// <summary>All of it, newest first.</summary>
    /// <param name="told">When others joined, by their own word: it stands in place of when that was seen here.</param>
    public IReadOnlyList<MembershipChange> Changes(IReadOnlyDictionary<SiloAddress, DateTimeOffset> told)
    {
        var members = membership.CurrentSnapshot.Members;
        lock (_gate)
        {
            var joined = members.Values.Select(member => (member.SiloAddress, member.Name, At: JoinedBy(member.SiloAddress, told)))
                .Where(static one => one.At is not null).ToDictionary(static one => one.SiloAddress);
            return
            [
                .. _entries.Values.SelectMany(OfTable)
                    .Concat(_seen.Where(one => one.Status != SiloStatus.Active || !joined.ContainsKey(one.Silo)).Select(OfSeen))
                    .Concat(joined.Values.Select(static one => new MembershipChange(one.At!.Value, one.Name, MembershipStep.Joined)))
                    .OfType<MembershipChange>().OrderByDescending(static change => change.At),
            ];
        }
    }

    /// <summary>A time of the table.</summary>
    public static DateTimeOffset TimeOf(DateTime time) => new(DateTime.SpecifyKind(time, DateTimeKind.Utc));

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ClusterMembershipSnapshot? before = null;
        try
        {
            await foreach (var view in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                NoteOwn(view);
                if (before is not null)
                {
                    Note(before, view);
                }

                before = view;
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    // This record begins when its silo has joined, so that the first it sees is no change.
    private void NoteOwn(ClusterMembershipSnapshot view)
    {
        lock (_gate)
        {
            _joinedAt ??= view.GetSiloStatus(here.SiloAddress) == SiloStatus.Active ? time.GetUtcNow() : null;
        }
    }

    private DateTimeOffset? JoinedBy(SiloAddress silo, IReadOnlyDictionary<SiloAddress, DateTimeOffset> told) =>
        silo.Equals(here.SiloAddress) ? _joinedAt : told.TryGetValue(silo, out var at) ? at : null;

    private void Note(ClusterMembershipSnapshot before, ClusterMembershipSnapshot view)
    {
        foreach (var member in view.Members.Values)
        {
            var was = before.GetSiloStatus(member.SiloAddress);
            if (was == member.Status)
            {
                continue;
            }

            lock (_gate)
            {
                _seen.Enqueue(new Seen(time.GetUtcNow(), member.SiloAddress, member.Name, was, member.Status));
                if (_seen.Count > MostSeen)
                {
                    _seen.Dequeue();
                }
            }
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            var read = await table.ReadAllAsync(CancellationToken.None).WaitAsync(s_patience, time);
            var entries = read.Members.Select(static member => member.Item1).ToDictionary(static entry => entry.SiloAddress);
            lock (_gate)
            {
                _entries = entries;
            }
        }
        catch (Exception problem)
        {
            // Whatever it was, such as a database out of reach: what was read before stands.
            SiloLog.TableUnread(log, problem);
        }
    }

    private IEnumerable<MembershipChange?> OfTable(MembershipEntry entry)
    {
        yield return new MembershipChange(TimeOf(entry.StartTime), entry.SiloName, MembershipStep.Started);
        foreach (var (by, at) in Votes(entry))
        {
            var name = _entries.TryGetValue(by, out var voter) ? voter.SiloName : by.Endpoint.ToString();
            yield return new MembershipChange(TimeOf(at), entry.SiloName, MembershipStep.Suspected, name);
        }

        if (entry.Status == SiloStatus.Dead && !_seen.Any(one => one.Silo.Equals(entry.SiloAddress) && one.Status == SiloStatus.Dead))
        {
            yield return new MembershipChange(
                LastTraceOf(entry), entry.SiloName, Votes(entry).Any() ? MembershipStep.DeclaredDead : MembershipStep.Left);
        }
    }

    private MembershipChange? OfSeen(Seen seen) => seen.Status switch
    {
        SiloStatus.Active => new MembershipChange(seen.At, seen.Name, MembershipStep.Joined),
        SiloStatus.ShuttingDown or SiloStatus.Stopping when seen.Before is not (SiloStatus.ShuttingDown or SiloStatus.Stopping) =>
            new MembershipChange(seen.At, seen.Name, MembershipStep.Draining),
        SiloStatus.Dead => new MembershipChange(seen.At, seen.Name, WasDeclaredDead(seen.Silo) ? MembershipStep.DeclaredDead : MembershipStep.Left),
        _ => null,
    };

    // A silo that leaves in order votes for its own end.
    private static IEnumerable<Tuple<SiloAddress, DateTime>> Votes(MembershipEntry entry) =>
        (entry.SuspectTimes ?? []).Where(vote => !vote.Item1.Equals(entry.SiloAddress));

    private static DateTimeOffset LastTraceOf(MembershipEntry entry) => (entry.SuspectTimes ?? []).Select(static vote => vote.Item2)
        .Append(entry.IAmAliveTime).Append(entry.StartTime).Select(TimeOf).Max();

    private sealed record Seen(DateTimeOffset At, SiloAddress Silo, string Name, SiloStatus Before, SiloStatus Status);
}
