using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Agencies;
using Deconfliction.Grid.Hosting;
using Deconfliction.Silo.Budgets;
using Deconfliction.Silo.Clustering;

namespace Deconfliction.Silo.Hosting;

/// <summary>What grains need of the silo that they live on.</summary>
/// <param name="Context">What actors share.</param>
/// <param name="Identifiers">Runs the identifiers' actors.</param>
/// <param name="Residents">Which grains are here.</param>
/// <param name="Agencies">The agencies as this silo knows them.</param>
/// <param name="Budgets">Their budgets as this silo spends them.</param>
/// <param name="Sweeps">Which parts of the sweeps live here.</param>
internal sealed record SiloParts(
    ActorContext Context, LocalIdentifiers Identifiers, ResidentGrains Residents, IAgencyDirectory Agencies, LeasedBudgets Budgets,
    ResidentParts Sweeps);
