using Deconfliction.Grid.Budgets;
using Deconfliction.Silo.Budgets;

namespace Deconfliction.Silo.Grains;

/// <summary>An agency's grain: numbers its feed and keeps its budgets. Its key is the agency's id.</summary>
[Alias("deconfliction.agency")]
public interface IAgencyGrain : IGrainWithStringKey
{
    /// <summary>Says that alerts may be waiting for their numbers.</summary>
    [Alias("nudge")]
    Task NudgeAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The head as soon as it is beyond a known position, or what it is when the time is up; sooner where the grain has to leave, so who
    /// still wants to wait asks again.
    /// </summary>
    [Alias("head")]
    Task<long> WaitForHeadAsync(long known, TimeSpan wait, CancellationToken cancellationToken);

    /// <summary>Leases a portion of one of its budgets to a silo.</summary>
    /// <param name="kind">Which budget.</param>
    /// <param name="perMinute">How much it has a minute.</param>
    /// <param name="wanted">How many are asked for.</param>
    /// <param name="spent">How many the silo spent while the grain could not be asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Alias("lease")]
    Task<LeaseMessage> LeaseAsync(BudgetKind kind, long perMinute, long wanted, long spent, CancellationToken cancellationToken);
}
