using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Ledger.Appending;
using Deconfliction.Ledger.Claims;

namespace Deconfliction.Grid.Actors;

/// <summary>
/// A turn that is decided within the ledger's transaction, on what that reads, because the actor holds no state. The ledger decides it on
/// a thread of its own, perhaps after the actor has given it up: it touches nothing but itself. What it came to counts only after the
/// ledger has answered.
/// </summary>
/// <remarks>
/// It costs the same whether the identifier is there or not. Deciding ahead on "not there", and again where that was wrong, would be
/// cheaper still for those that are not, and would tell by the time of an answer that somebody claims it, perhaps silently.
/// </remarks>
internal sealed class LateTurn
{
    private readonly ActorContext _context;
    private readonly Command _command;

    private LateTurn(ActorContext context, Tag tag, int keyId, Turn turn, Command command, Guid newId)
    {
        _context = context;
        _command = command;
        Turn = turn;
        Append = new LateAppend
        {
            Tag = tag,
            KeyId = keyId,
            NewIdentifierId = newId,
            Agency = turn.Request.Caller.Agency,
            RequestId = turn.Request.RequestId,
            Decide = Decide,
        };
    }

    /// <summary>The turn.</summary>
    public Turn Turn { get; }

    /// <summary>What the ledger is asked.</summary>
    public LateAppend Append { get; }

    /// <summary>The state that was read and decided on; nothing where it was not.</summary>
    public IdentifierState? State { get; private set; }

    /// <summary>The surrogate id of the identifier that was read; empty where there is none yet.</summary>
    public Guid IdentifierId { get; private set; }

    /// <summary>The decision; nothing where it needs more than the state.</summary>
    public Decision? Decision { get; private set; }

    /// <summary>A late turn for a question that the state alone decides; nothing for any other.</summary>
    public static LateTurn? Of(ActorContext context, Tag tag, int keyId, Turn turn) => turn.Question switch
    {
        Question.MakeClaim make => new LateTurn(context, tag, keyId, turn, make.Command, context.Ids.Next(context.Ledger.Now)),
        Question.Check check => new LateTurn(context, tag, keyId, turn, check.Command, Guid.Empty),
        _ => null,
    };

    private Append? Decide(IdentifierRecord record, DateTimeOffset now)
    {
        var state = IdentifierState.Restore(record.Version, record.Hazard, record.IsCrowd, record.Live);
        var decision = Decider.Decide(state, _command, _context.Policy, now, _context.Ids);
        var isWhole = !decision.Answer.PointersFromLedger;
        State = state;
        Decision = isWhole ? decision : null;
        IdentifierId = record.Id == Guid.Empty && decision.ChangesState ? Append.NewIdentifierId : record.Id;
        return isWhole
            ? new Append
            {
                Tag = record.Tag,
                KeyId = Append.KeyId,
                ExpectedVersion = record.Version,
                IdentifierId = IdentifierId,
                Events = decision.Events,
                Audit = TurnRecord.Of(Turn, record.Tag, decision.Answer, decision.Disclosures),
                ChangesState = decision.ChangesState,
            }
            : null;
    }
}
