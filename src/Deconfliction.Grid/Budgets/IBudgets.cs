using Deconfliction.Domain.Agencies;

namespace Deconfliction.Grid.Budgets;

/// <summary>What is budgeted. The numbers go over the wire between silos.</summary>
public enum BudgetKind
{
    /// <summary>Checks.</summary>
    Checks = 1,

    /// <summary>Claims.</summary>
    Claims = 2,
}

/// <summary>Where the agencies' budgets are kept: in this process, or in a cluster with each agency's grain.</summary>
public interface IBudgets
{
    /// <summary>Takes one; no time where there was one, else when it is worth to ask again.</summary>
    /// <param name="agency">Whose budget. It has been authenticated, so there are no more than there are agencies.</param>
    /// <param name="kind">Of what.</param>
    /// <param name="perMinute">How much there is a minute, and at once at most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<TimeSpan> TakeAsync(AgencyId agency, BudgetKind kind, long perMinute, CancellationToken cancellationToken);
}
