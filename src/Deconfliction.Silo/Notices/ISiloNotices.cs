using Deconfliction.Grid.Budgets;
using Deconfliction.Silo.Budgets;
using Deconfliction.Silo.Panels;
using Orleans.Services;

namespace Deconfliction.Silo.Notices;

/// <summary>What a silo tells another one or asks it, whichever grains live there. One on each silo.</summary>
[Alias("deconfliction.silo-notices")]
public interface ISiloNotices : IGrainService
{
    /// <summary>Says that an agency was added, renewed or revoked: what is in the ledger is to be read again.</summary>
    [Alias("agencies-changed")]
    Task AgenciesChangedAsync(CancellationToken cancellationToken);

    /// <summary>Asks whether it is there.</summary>
    [Alias("is-there")]
    Task IsThereAsync(CancellationToken cancellationToken);

    /// <summary>Asks what it is doing.</summary>
    [Alias("report")]
    Task<SiloReport> ReportAsync(CancellationToken cancellationToken);

    /// <summary>Asks what it was last told of an agency's budget; nothing where it never was.</summary>
    [Alias("known-budget")]
    Task<KnownBudgetMessage?> KnownBudgetAsync(string agency, BudgetKind kind, CancellationToken cancellationToken);

    /// <summary>Asks what its operations pages would show of it.</summary>
    /// <param name="fineAfter">How many of its samples of 5 s are known.</param>
    /// <param name="coarseAfter">How many of its samples of 5 min are known.</param>
    /// <param name="withAgencies">Whether to tell what each agency did.</param>
    /// <param name="cancellationToken">Gives up.</param>
    [Alias("panel")]
    Task<PanelReport> PanelAsync(long fineAfter, long coarseAfter, bool withAgencies, CancellationToken cancellationToken);

    /// <summary>Says that an operator wants it to finish and stop; whether it does.</summary>
    [Alias("drain")]
    Task<bool> DrainAsync(CancellationToken cancellationToken);
}
