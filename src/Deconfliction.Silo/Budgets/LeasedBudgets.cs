using System.Collections.Concurrent;
using Deconfliction.Domain.Agencies;
using Deconfliction.Grid.Budgets;
using Deconfliction.Ledger;
using Deconfliction.Silo.Grains;
using Deconfliction.Silo.Hosting;

namespace Deconfliction.Silo.Budgets;

/// <summary>The agencies' budgets as this silo spends them: by portions that it leases from each agency's grain.</summary>
internal sealed class LeasedBudgets(TimeProvider time) : IBudgets
{
    private readonly ConcurrentDictionary<(AgencyId Agency, BudgetKind Kind), LeasedBudget> _budgets = new();
    private IGrainFactory? _grains;

    /// <summary>From now on there is a cluster to ask.</summary>
    public void Join(IGrainFactory grains) => Volatile.Write(ref _grains, grains);

    /// <inheritdoc/>
    public ValueTask<TimeSpan> TakeAsync(AgencyId agency, BudgetKind kind, long perMinute, CancellationToken cancellationToken)
    {
        if (!_budgets.TryGetValue((agency, kind), out var budget))
        {
            budget = _budgets.GetOrAdd((agency, kind), new LeasedBudget(perMinute, Ask(agency, kind, perMinute), time));
        }

        return budget.TakeAsync(cancellationToken);
    }

    /// <summary>What this silo was last told of a budget.</summary>
    public KnownBudget? Known(AgencyId agency, BudgetKind kind) => _budgets.TryGetValue((agency, kind), out var budget) ? budget.Known : null;

    private LeaseAsk Ask(AgencyId agency, BudgetKind kind, long perMinute) => async (wanted, spent, cancellationToken) =>
    {
        var grains = Volatile.Read(ref _grains)
            ?? throw new LedgerUnavailableException("This silo has not joined its cluster yet; nothing was done. Ask another, or again in a moment.");
        try
        {
            var lease = await grains.GetGrain<IAgencyGrain>(agency.Value).LeaseAsync(kind, perMinute, wanted, spent, cancellationToken)
                .WaitAsync(cancellationToken);
            return lease.ToLease();
        }
        catch (Exception trouble) when (ClusterActors.IsTrouble(trouble))
        {
            throw new PlaceLostException(trouble);
        }
    };
}
