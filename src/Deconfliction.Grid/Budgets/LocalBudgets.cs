using System.Collections.Concurrent;
using Deconfliction.Domain.Agencies;

namespace Deconfliction.Grid.Budgets;

/// <summary>All budgets in this process. Thread-safe.</summary>
public sealed class LocalBudgets(TimeProvider time) : IBudgets
{
    private readonly ConcurrentDictionary<(AgencyId Agency, BudgetKind Kind), Budget> _budgets = new();

    /// <inheritdoc/>
    public ValueTask<TimeSpan> TakeAsync(AgencyId agency, BudgetKind kind, long perMinute, CancellationToken cancellationToken)
    {
        if (!_budgets.TryGetValue((agency, kind), out var budget))
        {
            budget = _budgets.GetOrAdd((agency, kind), new Budget(perMinute, time.GetTimestamp()));
        }

        return new ValueTask<TimeSpan>(budget.Take(time));
    }

    private sealed class Budget(long perMinute, long startedAt)
    {
        private readonly Lock _gate = new();
        private readonly TokenBucket _bucket = new(perMinute, perMinute);
        private long _filledAt = startedAt;

        public TimeSpan Take(TimeProvider time)
        {
            lock (_gate)
            {
                var now = time.GetTimestamp();
                _bucket.Fill(time.GetElapsedTime(_filledAt, now));
                _filledAt = now;
                return _bucket.Take(1).Wait;
            }
        }
    }
}
