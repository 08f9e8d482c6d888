using Deconfliction.Domain.Agencies;
using Deconfliction.Grid.Actors;
using Deconfliction.Silo.Clustering;
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

    private readonly AgencyActor _actor;
    private readonly ResidentGrains _residents;
    private readonly CancellationTokenSource _leaving = new();

    public AgencyGrain(IGrainContext grain, ActorContext context, ResidentGrains residents)
    {
        GrainContext = grain;
        _actor = new AgencyActor(AgencyId.Parse(grain.GrainId.Key.ToString()!), context);
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

    public Task NudgeAsync()
    {
        _actor.Nudge();
        return Task.CompletedTask;
    }

    public async Task<long> WaitForHeadAsync(long known, TimeSpan wait, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token, cancellationToken);
        try
        {
            return await _actor.WaitForHeadAsync(known, wait, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return known;
        }
    }

    public void Leave(string why)
    {
        // Orleans waits for calls under way before it deactivates, and a wait for the head is one.
        _ = _leaving.CancelAsync();
        GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, why));
    }
}
