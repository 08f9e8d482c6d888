using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid;
using Deconfliction.Grid.Hosting;
using Deconfliction.Silo.Clustering;
using Deconfliction.Silo.Hosting;
using Deconfliction.Silo.Messages;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Runtime;

namespace Deconfliction.Silo.Grains;

/// <summary>
/// Thin host of an identifier's actor: it says where the actor lives, and hands it every turn. Reentrant for Orleans, because the actor's
/// own mailbox takes turns one at a time, in two lanes; a turn is never blocked by another identifier's.
/// </summary>
[Reentrant]
[GrainType(Kind)]
[GrainDirectory(OwnerDirectory.Name)]
internal sealed class IdentifierGrain : IGrainBase, IIdentifierGrain, IResident
{
    /// <summary>Its type's name.</summary>
    public const string Kind = "identifier";

    private readonly LocalIdentifiers _identifiers;
    private readonly ResidentGrains _residents;
    private readonly Tag _tag;

    public IdentifierGrain(IGrainContext context, LocalIdentifiers identifiers, ResidentGrains residents)
    {
        GrainContext = context;
        _identifiers = identifiers;
        _residents = residents;
        _tag = TagKeys.Read(context.GrainId);
    }

    public IGrainContext GrainContext { get; }

    public Task OnActivateAsync(CancellationToken token)
    {
        _residents.Add(GrainContext.GrainId, this);
        return Task.CompletedTask;
    }

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token)
    {
        _residents.Remove(GrainContext.GrainId, this);
        _identifiers.Forget(_tag);
        return Task.CompletedTask;
    }

    public async Task<AnswerMessage> AskAsync(TurnMessage message, CancellationToken cancellationToken)
    {
        using var span = SiloTracing.Resume(Kind);
        try
        {
            return AnswerMessage.Of(await _identifiers.AskAsync(new TagKey(_tag, message.KeyId), message.Turn, cancellationToken));
        }
        catch (Exception problem) when (AnswerMessage.Of(problem) is { } refusal)
        {
            return refusal;
        }
    }

    public void Leave(string why) => GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, why));
}
