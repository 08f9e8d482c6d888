using Deconfliction.Silo.Clustering;
using Orleans.GrainDirectory;
using Orleans.Runtime;

namespace Deconfliction.Silo.Grains;

/// <summary>
/// Says by where it lives which silo sweeps its part. It does no work itself: a silo sweeps all parts that live on it with one question
/// to the ledger every few seconds, where 64 timers would ask 64. A reminder each minute wakes it where nobody did.
/// </summary>
[GrainType(Kind)]
[GrainDirectory(OwnerDirectory.Name)]
internal sealed class SweepGrain : IGrainBase, ISweepGrain, IRemindable, IResident
{
    /// <summary>Its type's name.</summary>
    public const string Kind = "sweep";

    private const string Reminder = "sweep";
    private static readonly GrainType s_type = GrainType.Create(Kind);
    private static readonly TimeSpan s_period = TimeSpan.FromMinutes(1);

    private readonly ResidentGrains _residents;
    private readonly ResidentParts _parts;
    private readonly int _part;

    public SweepGrain(IGrainContext context, ResidentGrains residents, ResidentParts parts)
    {
        GrainContext = context;
        _residents = residents;
        _parts = parts;
        _part = (int)context.GrainId.GetIntegerKey();
    }

    public IGrainContext GrainContext { get; }

    /// <summary>The grain of a part.</summary>
    public static GrainId Part(int part) => GrainId.Create(s_type, GrainIdKeyExtensions.CreateIntegerKey(part));

    public Task OnActivateAsync(CancellationToken token)
    {
        _residents.Add(GrainContext.GrainId, this);
        _parts.Add(_part);
        return Task.CompletedTask;
    }

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token)
    {
        _residents.Remove(GrainContext.GrainId, this);
        _parts.Remove(_part);
        return Task.CompletedTask;
    }

    public async Task WakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await this.GetReminder(Reminder, cancellationToken) is null)
            {
                await this.RegisterOrUpdateReminder(Reminder, s_period, s_period, cancellationToken);
            }
        }
        catch
        {
            // Missing again, it is woken again.
            Leave("It has no reminder yet.");
            throw;
        }
    }

    // It was enough that it had to come here.
    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask;

    public void Leave(string why) => GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, why));
}
