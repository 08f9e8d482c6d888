using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Grid.Actors;

/// <summary>
/// One question to one identifier's actor, and who asks it. Immutable, and of plain data only, so that a host may carry it to
/// another process.
/// </summary>
/// <param name="Question">What is asked.</param>
/// <param name="Request">Who asks, for whom, by which request id and in which lane.</param>
public sealed record Turn(Question Question, RequestContext Request);

/// <summary>
/// What can be asked of an identifier's actor. Where a command needs overlaps, the question names them only: the actor reads
/// them, because it alone can say whether what was read and what it holds are of one version.
/// </summary>
public abstract record Question
{
    private Question()
    {
    }

    /// <summary>Make a claim.</summary>
    public sealed record MakeClaim(Command.MakeClaim Command) : Question;

    /// <summary>Check.</summary>
    public sealed record Check(Command.Check Command) : Question;

    /// <summary>Change an own claim.</summary>
    public sealed record UpdateClaim(Guid ClaimId, ClaimChange Change) : Question;

    /// <summary>Renew an own claim.</summary>
    public sealed record RenewClaim(Guid ClaimId, TimeSpan? Lifetime) : Question;

    /// <summary>Release an own claim.</summary>
    public sealed record ReleaseClaim(Guid ClaimId) : Question;

    /// <summary>Acknowledge, resolve, disclose or ask for contact on an overlap.</summary>
    public sealed record ActOnOverlap(Guid OverlapId, OverlapAction Action, Outcome Outcome) : Question;

    /// <summary>Ask a crowd for contact.</summary>
    public sealed record RequestCrowdContact(Guid ClaimId) : Question;

    /// <summary>End what is past its expiry and give notice of what soon will be.</summary>
    public sealed record Sweep : Question
    {
        /// <summary>The only one.</summary>
        public static Sweep Instance { get; } = new();
    }

    /// <summary>Take over what the hazard catalogue says now.</summary>
    public sealed record SetHazard(string? Hazard) : Question;
}
