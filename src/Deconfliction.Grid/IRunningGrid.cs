using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Agencies;
using Deconfliction.Grid.Budgets;
using Deconfliction.Grid.Sweeps;

namespace Deconfliction.Grid;

/// <summary>A grid that runs over a ledger which it does not own: all of it in this process, or as a part of a cluster.</summary>
public interface IRunningGrid : IAsyncDisposable
{
    /// <summary>What the gateway calls.</summary>
    IGrid Grid { get; }

    /// <summary>The agencies.</summary>
    IAgencyDirectory Agencies { get; }

    /// <summary>The agencies' budgets.</summary>
    IBudgets Budgets { get; }

    /// <summary>What the grid does by itself; whoever hosts it runs it.</summary>
    Upkeep Upkeep { get; }

    /// <summary>Makes ids: also those of the claims that the gateway drafts.</summary>
    IIdSource Ids { get; }
}
