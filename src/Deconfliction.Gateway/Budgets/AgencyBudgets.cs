using System.Collections.Concurrent;
using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Errors;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Gateway.Budgets;

/// <summary>
/// How much one agency may ask a minute, over all its certificates, connections, streams and batches: a sweep through the address
/// space is stopped, and told to the operators, however it is spread. Thread-safe.
/// </summary>
internal sealed class AgencyBudgets(GatewayOptions options, TimeProvider time, ILogger<AgencyBudgets> log)
{
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<AgencyId, Budget> _checks = new();
    private readonly ConcurrentDictionary<AgencyId, Budget> _claims = new();

    /// <summary>Takes one check; the problem, where there is none left.</summary>
    public Problem? TakeCheck(AgencyId agency) => Take(_checks, agency, options.ChecksPerMinute, "checks");

    /// <summary>Takes one claim; the problem, where there is none left.</summary>
    public Problem? TakeClaim(AgencyId agency) => Take(_claims, agency, options.ClaimsPerMinute, "claims");

    /// <summary>How much of a minute's budget an agency has used up now, from 0 to 1: of checks or claims, whichever is more.</summary>
    public double UsedBy(AgencyId agency) => Math.Max(Used(_checks, agency), Used(_claims, agency));

    private double Used(ConcurrentDictionary<AgencyId, Budget> budgets, AgencyId agency) =>
        budgets.TryGetValue(agency, out var budget) ? budget.Used(time) : 0;

    // Only agencies that were authenticated come here, so the dictionaries grow no further than their number.
    private Problem? Take(ConcurrentDictionary<AgencyId, Budget> budgets, AgencyId agency, long perMinute, string what)
    {
        if (!budgets.TryGetValue(agency, out var budget))
        {
            budget = budgets.GetOrAdd(agency, new Budget(perMinute, time.GetTimestamp()));
        }

        var (wait, report) = budget.Take(time);
        if (wait == TimeSpan.Zero)
        {
            return null;
        }

        if (report)
        {
            GatewayLog.BudgetExhausted(log, agency, perMinute, what);
        }

        return Problems.BudgetExhausted(what, perMinute, wait);
    }

    // A token bucket that holds a minute's worth.
    private sealed class Budget(long perMinute, long startedAt)
    {
        private readonly Lock _gate = new();
        private double _left = perMinute;
        private long _filledAt = startedAt;
        private long? _reportedAt;

        public double Used(TimeProvider time)
        {
            lock (_gate)
            {
                var left = Math.Min(perMinute, _left + (time.GetElapsedTime(_filledAt).TotalSeconds * perMinute / 60.0));
                return 1 - (Math.Max(0, left) / perMinute);
            }
        }

        public (TimeSpan Wait, bool Report) Take(TimeProvider time)
        {
            lock (_gate)
            {
                var now = time.GetTimestamp();
                var perSecond = perMinute / 60.0;
                _left = Math.Min(perMinute, _left + (time.GetElapsedTime(_filledAt, now).TotalSeconds * perSecond));
                _filledAt = now;
                if (_left >= 1)
                {
                    _left--;
                    return (TimeSpan.Zero, false);
                }

                var report = _reportedAt is not { } at || time.GetElapsedTime(at, now) >= s_reportEvery;
                _reportedAt = report ? now : _reportedAt;
                // A whole millisecond at least: what reads zero would be retried at once.
                return (TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((1 - _left) / perSecond * 1000))), report);
            }
        }
    }
}
