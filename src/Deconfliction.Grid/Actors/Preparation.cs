using Deconfliction.Domain.Deciding;
using Deconfliction.Grid.Overlaps;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Grid.Actors;

/// <summary>What came of reading for a question.</summary>
/// <param name="IsCurrent">Whether all that was read is of the version of the actor's state; if not, the actor reloads.</param>
/// <param name="Command">The command; nothing where its object is not there.</param>
internal readonly record struct Prepared(bool IsCurrent, Command? Command)
{
    public static Prepared Stale => default;

    public static Prepared Missing => new(IsCurrent: true, Command: null);
}

/// <summary>Makes the command of a question, with the overlaps that it rests on.</summary>
internal static class Preparation
{
    /// <summary>The command for a state of this version.</summary>
    /// <exception cref="TooManyOverlapsException">More would be told of it than one change may tell.</exception>
    public static ValueTask<Prepared> PrepareAsync(ILedger ledger, Turn turn, long version, CancellationToken cancellationToken)
    {
        var agency = turn.Request.Caller.Agency;
        return turn.Question switch
        {
            Question.MakeClaim make => Ready(make.Command),
            Question.Check check => Ready(check.Command),
            Question.RenewClaim renew => Ready(new Command.RenewClaim(agency, renew.ClaimId, renew.Lifetime)),
            Question.ReleaseClaim release => Ready(new Command.ReleaseClaim(agency, release.ClaimId)),
            Question.RequestCrowdContact crowd => Ready(new Command.RequestCrowdContact(agency, crowd.ClaimId)),
            Question.Sweep => Ready(new Command.Sweep()),
            Question.SetHazard hazard => Ready(new Command.SetHazard(hazard.Hazard)),
            Question.UpdateClaim update => new(UpdateAsync(ledger, turn.Request, update, version, cancellationToken)),
            Question.ActOnOverlap act => new(ActAsync(ledger, turn.Request, act, version, cancellationToken)),
            _ => throw new InvalidOperationException($"A question of the kind {turn.Question.GetType().Name} is not known here."),
        };
    }

    private static ValueTask<Prepared> Ready(Command command) => new(new Prepared(IsCurrent: true, command));

    private static async Task<Prepared> UpdateAsync(
        ILedger ledger, RequestContext request, Question.UpdateClaim update, long version, CancellationToken cancellationToken)
    {
        IReadOnlyList<OverlapView> overlaps = [];
        var change = update.Change;
        if (change.Disclosure is not null)
        {
            // Those of which somebody is to be told. A claim that goes silent may meet any number of others, and tells few or none.
            var told = new OverlapQuery(
                request.Caller.Agency, After: null, Limit: 0, update.ClaimId, SeenMoreAs: change.Disclosure);
            var read = await OverlapReading.OfClaimAsync(ledger, told, cancellationToken);
            if (read.Exists(one => one.Version != version))
            {
                return Prepared.Stale;
            }

            if (read.Count > TooManyOverlapsException.Most)
            {
                throw new TooManyOverlapsException(
                    $"More than {TooManyOverlapsException.Most} overlaps would be told of one change of disclosure; nothing was changed.");
            }

            overlaps = read.ConvertAll(one => one.View);
        }

        return new Prepared(IsCurrent: true, new Command.UpdateClaim(
            request.Caller.Agency, update.ClaimId, change.ExpectedRevision, change.Priority, change.Handling, change.Disclosure,
            change.Sealed, overlaps));
    }

    private static async Task<Prepared> ActAsync(
        ILedger ledger, RequestContext request, Question.ActOnOverlap act, long version, CancellationToken cancellationToken)
    {
        var agency = request.Caller.Agency;
        if (await ledger.FindOverlapAsync(agency, act.OverlapId, cancellationToken) is not { } read)
        {
            return Prepared.Missing; // Purged since it was routed here.
        }

        return read.Version != version ? Prepared.Stale : new Prepared(IsCurrent: true, act.Action switch
        {
            OverlapAction.Acknowledge => new Command.AcknowledgeOverlap(agency, read.View),
            OverlapAction.Resolve => new Command.ResolveOverlap(agency, read.View, act.Outcome),
            OverlapAction.RequestContact => new Command.RequestContact(agency, read.View),
            OverlapAction.Disclose => new Command.Disclose(agency, read.View),
            _ => throw new InvalidOperationException($"An overlap cannot be asked to {act.Action}."),
        });
    }
}
