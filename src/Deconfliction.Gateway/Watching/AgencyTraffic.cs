using System.Collections.Concurrent;
using Deconfliction.Domain.Agencies;

namespace Deconfliction.Gateway.Watching;

/// <summary>What one agency has done at this node since it started.</summary>
/// <param name="Agency">Which.</param>
/// <param name="Calls">Calls, whatever became of them.</param>
/// <param name="Claims">Claims answered.</param>
/// <param name="Checks">Checks answered.</param>
/// <param name="Hits">Checks that were answered with a hit.</param>
/// <param name="OpenStreams">Streams open now.</param>
/// <param name="LastSeen">When its last call began.</param>
/// <param name="BudgetUsed">How much of a minute's budget it uses at the pace since the last reading, of checks or claims, whichever is more.</param>
public sealed record AgencyFigures(
    AgencyId Agency, long Calls, long Claims, long Checks, long Hits, long OpenStreams, DateTimeOffset? LastSeen, double BudgetUsed);

/// <summary>Counts by agency. Only agencies that were authenticated come here, so it grows no further than their number. Thread-safe.</summary>
public sealed class AgencyTraffic
{
    private readonly ConcurrentDictionary<AgencyId, Figures> _figures = new();
    private readonly TimeProvider _time;

    private readonly GatewayOptions _options;

    internal AgencyTraffic(GatewayOptions options, TimeProvider time) => (_options, _time) = (options, time);

    /// <summary>All agencies that have called.</summary>
    public IReadOnlyList<AgencyFigures> Read() => [.. _figures.Select(agency => agency.Value.Read(agency.Key, _options, _time))];

    internal void Called(AgencyId agency)
    {
        var figures = Of(agency);
        Interlocked.Increment(ref figures.Calls);
        Volatile.Write(ref figures.LastSeenTicks, _time.GetUtcNow().UtcTicks);
    }

    internal void StreamOpened(AgencyId agency) => Interlocked.Increment(ref Of(agency).Streams);

    internal void StreamClosed(AgencyId agency) => Interlocked.Decrement(ref Of(agency).Streams);

    internal void Claimed(AgencyId agency) => Interlocked.Increment(ref Of(agency).Claims);

    internal void Checked(AgencyId agency, bool isHit)
    {
        var figures = Of(agency);
        Interlocked.Increment(ref figures.Checks);
        if (isHit)
        {
            Interlocked.Increment(ref figures.Hits);
        }
    }

    private Figures Of(AgencyId agency) =>
        _figures.TryGetValue(agency, out var known) ? known : _figures.GetOrAdd(agency, static _ => new Figures());

    private sealed class Figures
    {
        public long Calls;
        public long Claims;
        public long Checks;
        public long Hits;
        public long Streams;
        public long LastSeenTicks;

        private readonly Lock _gate = new();
        private (long At, long Claims, long Checks) _read;
        private double _used;

        public AgencyFigures Read(AgencyId agency, GatewayOptions options, TimeProvider time)
        {
            var budgetUsed = Used(options, time);
            var seen = Volatile.Read(ref LastSeenTicks);
            return new AgencyFigures(
                agency, Volatile.Read(ref Calls), Volatile.Read(ref Claims), Volatile.Read(ref Checks), Volatile.Read(ref Hits),
                Volatile.Read(ref Streams), seen == 0 ? null : new DateTimeOffset(seen, TimeSpan.Zero), budgetUsed);
        }

        // The pace of less than a few seconds says nothing, so the one before stands.
        private double Used(GatewayOptions options, TimeProvider time)
        {
            lock (_gate)
            {
                var now = (At: time.GetTimestamp(), Claims: Volatile.Read(ref Claims), Checks: Volatile.Read(ref Checks));
                var minutes = time.GetElapsedTime(_read.At, now.At).TotalMinutes;
                if (_read.At == 0 || minutes >= 0.05)
                {
                    _used = _read.At == 0 ? 0 : Math.Max(
                        (now.Claims - _read.Claims) / minutes / options.ClaimsPerMinute, (now.Checks - _read.Checks) / minutes / options.ChecksPerMinute);
                    _read = now;
                }

                return Math.Min(1, _used);
            }
        }
    }
}
