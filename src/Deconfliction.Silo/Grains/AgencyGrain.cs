using Deconfliction.Domain.Agencies;
using Deconfliction.Grid.Actors;
using Deconfliction.Grid.Budgets;
using Deconfliction.Silo.Budgets;
using Deconfliction.Silo.Clustering;
using Deconfliction.Silo.Hosting;
using Microsoft.Extensions.Hosting;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Runtime;

namespace Deconfliction.Silo.Grains;

/// <summary>Thin host of an agency's actor. Waits for the head interleave with everything else.</summary>
[Reentrant]
[GrainType(Kind)]
[GrainDirectory(OwnerDirectory.Name)]
internal sealed class AgencyGrain : IGrainBase, IAgencyGrain, IResident
{
    /// <summary>Its type's name.</summary>
    public const string Kind = "agency";

    private readonly AgencyId _agency;
    private readonly AgencyActor _actor;
    private readonly ResidentGrains _residents;
    private readonly BudgetBeginnings _beginnings;
    private readonly Dictionary<BudgetKind, Task<KeptBudget>> _budgets = [];
    private readonly CancellationToken _stopping;
    private readonly CancellationTokenSource _leaving = new();

    public AgencyGrain(
        IGrainContext grain, ActorContext context, ResidentGrains residents, BudgetBeginnings beginnings, IHostApplicationLifetime silo)
    {
        _beginnings = beginnings;
        GrainContext = grain;
        _stopping = silo.ApplicationStopping;
        _agency = AgencyId.Parse(grain.GrainId.Key.ToString()!);
        _actor = new AgencyActor(_agency, context);
        _residents = residents;
    }

    public IGrainContext GrainContext { get; }

    public Task OnActivateAsync(CancellationToken token)
    {
        _residents.Add(GrainContext.GrainId, this);
        return Task.CompletedTask;
    }

    public async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token)
    {
        _residents.Remove(GrainContext.GrainId, this);
        await _leaving.CancelAsync();
    }

    public Task NudgeAsync(CancellationToken cancellationToken)
    {
        using var span = SiloTracing.Resume(Kind);
        _actor.Nudge();
        return Task.CompletedTask;
    }

    public async Task<long> WaitForHeadAsync(long known, TimeSpan wait, CancellationToken cancellationToken)
    {
        // A silo that stops waits for calls under way, and would leave in haste for one that only waits.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token, _stopping, cancellationToken);
        try
        {
            return await _actor.WaitForHeadAsync(known, wait, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return known;
        }
    }

    public async Task<LeaseMessage> LeaseAsync(BudgetKind kind, long perMinute, long wanted, long spent, CancellationToken cancellationToken)
    {
        if (!_budgets.TryGetValue(kind, out var budget) || budget.IsFaulted)
        {
            // Calls interleave: all wait for the one beginning.
            _budgets[kind] = budget = _beginnings.BeginAsync(_agency, kind, perMinute);
        }

        return LeaseMessage.Of((await budget).Lease(wanted, spent));
    }

    public void Leave(string why)
    {
        // Orleans waits for calls under way before it deactivates, and a wait for the head is one.
        _ = _leaving.CancelAsync();
        GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, why));
    }
}
