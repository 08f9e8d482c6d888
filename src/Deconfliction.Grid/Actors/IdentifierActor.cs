using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Identifiers;
using Deconfliction.Grid.Overlaps;
using Deconfliction.Grid.Recording;
using Deconfliction.Grid.Snapshots;
using Deconfliction.Ledger;
using Deconfliction.Ledger.Appending;
using Microsoft.Extensions.Logging;

namespace Deconfliction.Grid.Actors;

/// <summary>
/// The one place where decisions about one identifier are made. Knows no host: a host gives it one turn at a time and keeps it as
/// long as it likes.
/// </summary>
/// <remarks>
/// A turn is: load the state if it is not held; decide at the ledger's time; append, fenced by the version decided on; answer after
/// the commit. A claim or a check that finds no state held is decided within the append (<see cref="LateTurn"/>), which saves the load.
/// What is held is only ever a copy. <see cref="AppendOutcome.Stale"/> means that another process wrote: the copy is
/// thrown away and the turn decided again, so that two actors of one identifier cost time and never truth. After an unknown outcome
/// the copy may lack a commit: it is thrown away too, and the caller retries under the same request id.
/// </remarks>
public sealed class IdentifierActor
{
    // Each stale try means that somebody else's commit went through, so the identifier as a whole makes progress.
    private const int MaximumTries = 24;

    private readonly ActorContext _context;
    private SnapshotDuty? _snapshots;
    private IdentifierState? _state;
    private Guid _identifierId;

    /// <summary>An actor that holds nothing yet.</summary>
    public IdentifierActor(Tag tag, ActorContext context)
    {
        Tag = tag;
        _context = context;
    }

    /// <summary>Its identifier.</summary>
    public Tag Tag { get; }

    /// <summary>What it weighs at most while it holds nothing, or an identifier without live claims.</summary>
    public static long EmptyWeight { get; } = IdentifierState.Empty().Weight;

    /// <summary>About how many bytes it holds: for eviction.</summary>
    public long Weight => _state?.Weight ?? 0;

    /// <summary>Takes one turn. Never two at once.</summary>
    /// <param name="keyId">Id of the key that made the tag; 0 where the identifier is known to be in the ledger.</param>
    /// <param name="turn">What is asked.</param>
    /// <param name="lane">The ledger's lane; a host may hurry a bulk turn that an interactive one waits for.</param>
    /// <param name="cancellationToken">Stops the process, not the turn: a commit under way goes on.</param>
    /// <exception cref="GridOverloadedException">Another process won every time; nothing was done.</exception>
    /// <exception cref="RequestIdReusedException">The request id came before with something else.</exception>
    public Task<Answer> HandleAsync(int keyId, Turn turn, Lane lane, CancellationToken cancellationToken)
    {
        var started = _context.Time.GetTimestamp();
        return _state is null && LateTurn.Of(_context, Tag, keyId, turn) is { } late
            ? DecideLateAsync(late, lane, started, cancellationToken)
            : DecideAsync(keyId, turn, lane, started, cancellationToken);
    }

    private async Task<Answer> DecideLateAsync(LateTurn late, Lane lane, long started, CancellationToken cancellationToken)
    {
        AppendOutcome outcome;
        try
        {
            outcome = await _context.Ledger.DecideAsync(late.Append, lane, cancellationToken);
        }
        catch (Exception problem)
        {
            Doubt(problem, cancellationToken);
            throw;
        }

        if (outcome is not AppendOutcome.Stale && late.State is { } state)
        {
            (_state, _identifierId) = (state, late.IdentifierId);
            var answer = (outcome, late.Decision) switch
            {
                (AppendOutcome.Committed committed, { } decision) => TakeOver(late.Turn, state, decision, committed.Version, started),
                (AppendOutcome.Replayed replayed, { } decision) =>
                    await _context.Replays.AnswerAsync(late.Turn, replayed.Original, decision.Answer, cancellationToken),
                _ => null,
            };
            if (answer is not null)
            {
                KeepSnapshot();
                return answer;
            }
        }

        // It is to be loaded, or decided on what was read, after all.
        return await DecideAsync(late.Append.KeyId, late.Turn, lane, started, cancellationToken);
    }

    private async Task<Answer> DecideAsync(int keyId, Turn turn, Lane lane, long started, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= MaximumTries; attempt++)
        {
            if (await TryAsync(keyId, turn, lane, started, cancellationToken) is { } answer)
            {
                KeepSnapshot();
                return answer;
            }

            _state = null;
            _context.Logger.DecisionStale(Tag.ToString(), attempt);
        }

        throw new GridOverloadedException(
            $"Another process changed this identifier {MaximumTries} times while this request was decided. Nothing was done; "
            + "try again with the same request id.",
            TimeSpan.FromMilliseconds(200));
    }

    // Nothing where what it was decided on is out of date.
    private async Task<Answer?> TryAsync(int keyId, Turn turn, Lane lane, long started, CancellationToken cancellationToken)
    {
        var state = _state ?? await LoadAsync(lane, cancellationToken);
        var prepared = await Preparation.PrepareAsync(_context.Ledger, turn, state.Version, cancellationToken);
        if (!prepared.IsCurrent)
        {
            return null;
        }

        var now = _context.Ledger.Now;
        var decision = prepared.Command is { } command
            ? Decider.Decide(state, command, _context.Policy, now, _context.Ids)
            : new Decision(new Answer { Status = AnswerStatus.NotFound }, [], []);
        if (await CompleteAsync(turn, decision, state.Version, cancellationToken) is not { } told
            || await SealedParts.FillAsync(_context.Ledger, told, cancellationToken) is not { } complete)
        {
            return null;
        }

        if (complete.Events.Count == 0 && turn.Question is Question.Sweep or Question.SetHazard)
        {
            return complete.Answer; // The grid asked itself, and there was nothing to do.
        }

        var append = new Append
        {
            Tag = Tag,
            KeyId = keyId,
            ExpectedVersion = state.Version,
            IdentifierId = IdentifierIdFor(now),
            Events = complete.Events,
            Audit = TurnRecord.Of(turn, Tag, complete.Answer, complete.Disclosures),
            ChangesState = complete.ChangesState,
        };
        AppendOutcome outcome;
        try
        {
            outcome = await _context.Ledger.AppendAsync(append, lane, cancellationToken);
        }
        catch (Exception problem)
        {
            Doubt(problem, cancellationToken);
            throw;
        }

        return outcome switch
        {
            AppendOutcome.Committed committed => TakeOver(turn, state, complete, committed.Version, started),
            AppendOutcome.Replayed replayed => await _context.Replays.AnswerAsync(turn, replayed.Original, complete.Answer, cancellationToken),
            _ => null,
        };
    }

    private async Task<IdentifierState> LoadAsync(Lane lane, CancellationToken cancellationToken)
    {
        var record = await _context.Ledger.LoadAsync(Tag, lane, cancellationToken);
        if (record.IsLong)
        {
            (_identifierId, _state) = await _context.Long.LoadAsync(Tag, cancellationToken);
            return _state;
        }

        _identifierId = record.Id;
        _state = IdentifierState.Restore(record.Version, record.Hazard, record.IsCrowd, record.Live);
        return _state;
    }

    private void KeepSnapshot()
    {
        if (_state is { } state && (_snapshots is not null || _context.Long.IsLong(state)))
        {
            _snapshots ??= new SnapshotDuty(Tag, _context.Long, _context.Time);
            _snapshots.AfterTurn(state, _identifierId);
        }
    }

    private Guid IdentifierIdFor(DateTimeOffset now)
    {
        if (_identifierId == Guid.Empty)
        {
            _identifierId = _context.Ids.Next(now);
        }

        return _identifierId;
    }

    // What the state alone cannot say: a duplicate's overlaps, how an overlap looks to who acted on it, and whether a claim that is not
    // live was the asker's and has ended.
    private async Task<Decision?> CompleteAsync(Turn turn, Decision decision, long version, CancellationToken cancellationToken)
    {
        if (decision.Answer is { PointersFromLedger: true, Claim: { } claim })
        {
            var shown = await ShownOverlaps.OfClaimAsync(
                _context.Ledger, claim, foundByOwnClaim: false, _context.Policy.PointersPerAnswer, cancellationToken);
            return shown.IsOfVersion(version)
                ? decision with
                {
                    Answer = decision.Answer with { Pointers = shown.Pointers, PointerCount = shown.Count },
                    Disclosures = [.. decision.Disclosures, .. shown.Disclosures],
                }
                : null;
        }

        if (decision.Answer.Overlap is { } view && VisibleOverlaps.See(view, turn.Request.Caller.Agency) is { } visible)
        {
            return decision with
            {
                Answer = decision.Answer with { Pointers = [visible.Pointer], PointerCount = 1 },
                Disclosures = [.. decision.Disclosures, VisibleOverlaps.Disclosure(turn.Request.Caller.Agency, visible.Pointer)],
            };
        }

        if (decision.Answer.Status == AnswerStatus.NotFound && OwnClaimOf(turn.Question) is { } claimId
            && await _context.Ledger.FindClaimAsync(turn.Request.Caller.Agency, claimId, cancellationToken) is { } own)
        {
            return own.Claim.EndReason == Domain.Claims.EndReason.None && own.Tag == Tag
                ? null // Live in the ledger and not in the state: the state is out of date.
                : decision with { Answer = decision.Answer with { Status = AnswerStatus.Ended, Claim = own.Claim } };
        }

        return decision;
    }

    // After a failed append, what is held is still true where surely nothing was written. After anything else it may not be.
    private void Doubt(Exception problem, CancellationToken cancellationToken)
    {
        if (problem is LedgerOverloadedException or LedgerUnavailableException)
        {
            return;
        }

        _state = null;
        if (problem is OutcomeUnknownException && !cancellationToken.IsCancellationRequested)
        {
            _context.Logger.OutcomeUnknown(Tag.ToString(), problem);
        }
    }

    private Answer TakeOver(Turn turn, IdentifierState state, Decision decision, long version, long started)
    {
        // Not held while it is half applied.
        _state = null;
        var found = false;
        for (var i = 0; i < decision.Events.Count; i++)
        {
            var fact = decision.Events[i];
            state.Apply(fact);
            found |= fact is IdentifierEvent.OverlapFound;
        }

        if (decision.ChangesState)
        {
            state.Committed(version);
        }

        _state = state;
        if (found)
        {
            Count(turn, state, decision.Events, _context.Time.GetElapsedTime(started));
        }

        Nudge(decision.Events);
        return decision.Answer;
    }

    private void Count(Turn turn, IdentifierState state, IReadOnlyList<IdentifierEvent> facts, TimeSpan duration)
    {
        var kind = (turn.Question as Question.MakeClaim)?.Command.Kind;
        _context.Meters.Detected(duration);
        foreach (var fact in facts)
        {
            if (fact is IdentifierEvent.OverlapFound { Overlap: var overlap })
            {
                _context.Meters.Found(new FoundOverlap(
                    overlap.Id, overlap.FoundAt, kind, overlap.Strength, state.HasSilentSide(overlap), duration));
            }
        }
    }

    private void Nudge(IReadOnlyList<IdentifierEvent> facts)
    {
        Domain.Agencies.AgencyId? last = null;
        for (var i = 0; i < facts.Count; i++)
        {
            var fact = facts[i];
            if (fact is IdentifierEvent.AlertRaised { Alert.To: var to } && to != last)
            {
                _context.Nudge(to);
                last = to;
            }
        }
    }

    private static Guid? OwnClaimOf(Question question) => question switch
    {
        Question.UpdateClaim update => update.ClaimId,
        Question.RenewClaim renew => renew.ClaimId,
        Question.ReleaseClaim release => release.ClaimId,
        Question.RequestCrowdContact crowd => crowd.ClaimId,
        _ => null,
    };
}
