namespace Deconfliction.Domain.Deciding;

/// <summary>
/// The rules (DESIGN.md, sections 2 to 4) as one pure function: from the state and a command to facts and an answer.
/// <para>
/// <b>Upkeep.</b> Making, updating, renewing and releasing a claim, the sweep and a hazard's change first end what is past its expiry,
/// and then let a crowd form or dissolve. A check changes nothing, and answers as if the sweep had just run. Commands on an overlap, and
/// the request for contact to a crowd, touch nothing but what they name.
/// </para>
/// <para>
/// <b>A SILENT claim does nothing for anybody but its owner.</b> It is counted neither for the cap of a crowd nor for its band.
/// Making, changing, renewing or releasing it does no upkeep and takes over no hazard's change: others would be alerted at that very moment
/// by pairs that come free, and could tell that somebody moved. It is held back under the hazard or the crowd that the state has, or under
/// the hazard that the catalogue has. When neither holds it any more it comes free with the next claim that is not SILENT, or with
/// <see cref="Command.SetHazard"/>, which the grid sends when the catalogue changes.
/// </para>
/// <para>
/// <b>Pairs.</b> Two live claims of different agencies that meet make a pair exactly where neither is held back. Claims made under a
/// hazard or in a crowd are held; when the last reason is gone they come free together, and what is missing is made. Referrers' pairs are
/// made like all others, also with each other: they are told of none.
/// </para>
/// </summary>
public static class Decider
{
    /// <summary>Decides a command. Changes nothing: the state takes the facts once they are committed.</summary>
    /// <param name="state">What the decision rests on.</param>
    /// <param name="command">What is asked.</param>
    /// <param name="policy">Periods and limits.</param>
    /// <param name="now">The database's time.</param>
    /// <param name="ids">Ids for the overlaps and alerts, taken in the order in which they are raised.</param>
    /// <exception cref="ArgumentException">The command is one that the gateway never lets through (a role, a lifetime, an outcome).</exception>
    public static Decision Decide(
        IdentifierState state, Command command, Policy policy, DateTimeOffset now, IIdSource ids)
    {
        var turn = new Deliberation(state, policy, now, ids);
        return command switch
        {
            Command.MakeClaim make => Claiming.Decide(turn, make),
            Command.Check check => Checking.Decide(turn, check),
            Command.UpdateClaim update => Updating.Decide(turn, update),
            Command.RenewClaim renew => Renewing.Decide(turn, renew),
            Command.ReleaseClaim release => Releasing.Decide(turn, release),
            Command.Sweep => Upkeep.Sweep(turn),
            Command.SetHazard set => Upkeep.SetHazard(turn, set),
            Command.AcknowledgeOverlap acknowledge => OverlapTurns.Acknowledge(turn, acknowledge),
            Command.ResolveOverlap resolve => OverlapTurns.Resolve(turn, resolve),
            Command.RequestContact request => OverlapTurns.RequestContact(turn, request),
            Command.Disclose disclose => OverlapTurns.Disclose(turn, disclose),
            Command.RequestCrowdContact request => Crowding.RequestContact(turn, request),
            _ => throw new ArgumentException($"A command of the kind {command.GetType().Name} is not known here.", nameof(command)),
        };
    }
}
