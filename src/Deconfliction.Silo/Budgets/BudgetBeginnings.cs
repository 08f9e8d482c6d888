using Deconfliction.Domain.Agencies;
using Deconfliction.Grid.Budgets;
using Deconfliction.Silo.Clustering;
using Deconfliction.Silo.Notices;

namespace Deconfliction.Silo.Budgets;

/// <summary>With what an agency's grain begins that has just come to live here: it asks every silo what it was last told.</summary>
internal sealed class BudgetBeginnings(NoticeBoard board, OwnerDirectory directory, DepartedSilos departed, TimeProvider time)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    // As long as a budget takes to fill: after that, what a silo knew that is gone does not matter any more.
    private static readonly TimeSpan s_mourning = TimeSpan.FromMinutes(1);

    /// <summary>The budget.</summary>
    public async Task<KeptBudget> BeginAsync(AgencyId agency, BudgetKind kind, long perMinute)
    {
        var silos = directory.Current.Silos;
        var told = await Task.WhenAll(silos.Select(silo => board.KnownBudgetOfAsync(silo, agency, kind, s_patience)));
        var isComplete = told.All(static one => one.HasAnswered) && !departed.HasDepartedWithin(s_mourning);
        var known = told.Select(static one => one.Known).OfType<KnownBudgetMessage>().Select(static one => new KnownBudget(one.Left, one.Age));
        return new KeptBudget(perMinute, KeptBudget.Beginning(perMinute, known, isComplete, silos.Count), time);
    }
}
