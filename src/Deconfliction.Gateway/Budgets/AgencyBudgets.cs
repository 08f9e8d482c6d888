using System.Collections.Concurrent;
using Deconfliction.Domain.Agencies;
using Deconfliction.Gateway.Errors;
using Deconfliction.Grid.Budgets;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Gateway.Budgets;

/// <summary>
/// How much one agency may ask a minute, over all its certificates, connections, streams, batches and nodes: a sweep through the address
/// space is stopped, and told to the operators, however it is spread. Thread-safe.
/// </summary>
internal sealed class AgencyBudgets(IBudgets budgets, GatewayOptions options, TimeProvider time, ILogger<AgencyBudgets> log)
{
    private static readonly TimeSpan s_reportEvery = TimeSpan.FromMinutes(1);

    // Only agencies that were authenticated come here, so this grows no further than their number.
    private readonly ConcurrentDictionary<(AgencyId Agency, BudgetKind Kind), long> _reported = new();

    /// <summary>Takes one check; the problem, where there is none left.</summary>
    public ValueTask<Problem?> TakeCheckAsync(AgencyId agency, CancellationToken cancellationToken) =>
        TakeAsync(agency, BudgetKind.Checks, options.ChecksPerMinute, "checks", cancellationToken);

    /// <summary>Takes one claim; the problem, where there is none left.</summary>
    public ValueTask<Problem?> TakeClaimAsync(AgencyId agency, CancellationToken cancellationToken) =>
        TakeAsync(agency, BudgetKind.Claims, options.ClaimsPerMinute, "claims", cancellationToken);

    private async ValueTask<Problem?> TakeAsync(
        AgencyId agency, BudgetKind kind, long perMinute, string what, CancellationToken cancellationToken)
    {
        var wait = await budgets.TakeAsync(agency, kind, perMinute, cancellationToken);
        if (wait == TimeSpan.Zero)
        {
            return null;
        }

        if (IsNews(agency, kind))
        {
            GatewayLog.BudgetExhausted(log, agency, perMinute, what);
        }

        return Problems.BudgetExhausted(what, perMinute, wait);
    }

    // Once a minute, whoever asks how often.
    private bool IsNews(AgencyId agency, BudgetKind kind)
    {
        var now = time.GetTimestamp();
        if (!_reported.TryGetValue((agency, kind), out var at))
        {
            return _reported.TryAdd((agency, kind), now);
        }

        return time.GetElapsedTime(at, now) >= s_reportEvery && _reported.TryUpdate((agency, kind), now, at);
    }
}
