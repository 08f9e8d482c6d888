using Deconfliction.Grid.Budgets;
using Deconfliction.Silo.Budgets;
using Orleans.Services;

namespace Deconfliction.Silo.Notices;

/// <summary>What a silo tells another one or asks it, whichever grains live there. One on each silo.</summary>
[Alias("deconfliction.silo-notices")]
public interface ISiloNotices : IGrainService
{
    /// <summary>Says that an agency was added, renewed or revoked: what is in the ledger is to be read again.</summary>
    [Alias("agencies-changed")]
    Task AgenciesChangedAsync();

    /// <summary>Asks whether it is there.</summary>
    [Alias("is-there")]
    Task IsThereAsync();

    /// <summary>Asks what it is doing.</summary>
    [Alias("report")]
    Task<SiloReport> ReportAsync();

    /// <summary>Asks what it was last told of an agency's budget; nothing where it never was.</summary>
    [Alias("known-budget")]
    Task<KnownBudgetMessage?> KnownBudgetAsync(string agency, BudgetKind kind);
}
