namespace Deconfliction.Testing.Histories;

/// <summary>
/// Says what of the invariants I1-I7 (DESIGN.md, section 4) a recorded history and the state after it break. It knows nothing of
/// the code that it checks: a claim surely lives from its answer until its release is asked for, and may live from when it was asked
/// for until its release is answered; everything else follows.
/// </summary>
/// <remarks>
/// I6 is checked claim by claim: whether there are a moment at which it began and one at which it ended, each within its own operation,
/// such that every other answer can be put on the right side of both. That is exact for one claim and the answers about it (Herlihy and
/// Wing, 1990); answers that get two claims in an impossible order are found where the two are each other's readers.
/// </remarks>
public sealed class HistoryChecker
{
    private readonly IReadOnlyList<Life> _lives;
    private readonly Dictionary<(string Agency, string Case), Life> _byCase;
    private readonly ILookup<string, Life> _onIdentifier;
    private readonly IReadOnlyList<Operation> _operations;
    private readonly FinalState _state;
    private readonly List<string> _problems = [];

    private HistoryChecker(IReadOnlyList<Operation> operations, FinalState state)
    {
        _operations = operations;
        _state = state;
        var releases = operations.Where(did => did.Did == Did.Release).ToLookup(did => did.Claim);
        var changes = operations.Where(did => did.Did is Did.Update or Did.Renew).ToLookup(did => did.Claim);
        _lives = [.. operations.Where(did => did.Did == Did.Claim).Select(claim => new Life(
            claim, releases[claim.Claim].FirstOrDefault(), [.. changes[claim.Claim].OrderBy(change => change.Answered)]))];
        _byCase = _lives.ToDictionary(life => (life.Made.Agency, life.Made.Case));
        _onIdentifier = _lives.ToLookup(life => life.Made.Identifier);
    }

    /// <summary>Every broken invariant in words; none where all hold.</summary>
    public static IReadOnlyList<string> Check(IReadOnlyList<Operation> operations, FinalState state)
    {
        var checker = new HistoryChecker(operations, state);
        checker.NothingAcknowledgedIsLost();
        checker.PairsAreStoredOnce();
        checker.FeedsAreOrderedAndComplete();
        checker.ChecksAreToldToThoseTheyHit();
        checker.AnswersAreLinearizable();
        checker.OneOfTwoIsTold();
        checker.AuditHoldsEachOnce();
        return checker._problems;
    }

    // I1, I4: one claim for each request, in the state that its last acknowledged operation left it in, and no other.
    private void NothingAcknowledgedIsLost()
    {
        var listed = _state.Claims.ToLookup(claim => claim.Claim);
        foreach (var life in _lives)
        {
            var found = listed[life.Made.Claim].ToList();
            Require(found.Count == 1, $"I1: claim {life.Made.Claim} was acknowledged and is listed {found.Count} times");
            Require(found.All(claim => claim.IsLive == (life.Ended is null)), $"I1: claim {life.Made.Claim} is {(life.Ended is null ? "not live, and was never released" : "live, and was released")}");
            foreach (var claim in found)
            {
                // Its owner changes a claim one step at a time, so the last answer is what must be there.
                Require(life.Contact is null || claim.Contact == life.Contact, $"I1: claim {claim.Claim} names '{claim.Contact}', and was last changed to '{life.Contact}'");
                Require(life.ExpiresAt == default || claim.ExpiresAt == life.ExpiresAt, $"I1: claim {claim.Claim} expires {claim.ExpiresAt:O}, and was answered {life.ExpiresAt:O}");
            }
        }

        var made = _lives.Select(life => life.Made.Claim).ToHashSet();
        Require(made.Count == _lives.Count, "I4: two requests were given one claim number");
        foreach (var extra in _state.Claims.Where(claim => !made.Contains(claim.Claim)))
        {
            _problems.Add($"I4: claim {extra.Claim} of {extra.Agency} is listed, and no answered request made it");
        }
    }

    // I2, I3: each pair that surely met is listed once by either side under one number; none is listed that cannot have met.
    private void PairsAreStoredOnce()
    {
        var listed = _state.Overlaps.ToLookup(overlap => (overlap.OwnClaim, overlap.OtherAgency, overlap.OtherCase));
        foreach (var group in _onIdentifier)
        {
            foreach (var (a, b) in Pairs([.. group]))
            {
                var fromA = listed[(a.Made.Claim, b.Made.Agency, b.Made.Case)].ToList();
                var fromB = listed[(b.Made.Claim, a.Made.Agency, a.Made.Case)].ToList();
                var name = $"of {a.Made.Claim} and {b.Made.Claim}";
                Require(fromA.Count <= 1 && fromB.Count <= 1, $"I2: the overlap {name} is listed {fromA.Count} and {fromB.Count} times");
                Require(fromA.Count == fromB.Count, $"I2: the overlap {name} is listed by one side only");
                Require(!a.SurelyMet(b) || fromA.Count == 1, $"I2: the overlap {name} is missing");
                Require(a.MayHaveMet(b) || fromA.Count == 0, $"I3: the overlap {name} is listed, and they never lived together");
                Require(fromA.Count != 1 || fromB.Count != 1 || fromA[0].Overlap == fromB[0].Overlap, $"I2: the overlap {name} has two numbers");
            }
        }

        var lives = _lives.ToDictionary(life => life.Made.Claim);
        foreach (var overlap in _state.Overlaps)
        {
            Require(overlap.Agency != overlap.OtherAgency, $"I3: overlap {overlap.Overlap} lies within {overlap.Agency}");
            Require(
                lives.TryGetValue(overlap.OwnClaim, out var own) && _byCase.TryGetValue((overlap.OtherAgency, overlap.OtherCase), out var other)
                    && own.Made.Identifier == other.Made.Identifier,
                $"I3: overlap {overlap.Overlap} joins claims that are not on one identifier");
        }
    }

    // I2, I5: positions without gaps, and exactly one alert for each listed overlap.
    private void FeedsAreOrderedAndComplete()
    {
        foreach (var feed in _state.Alerts.GroupBy(alert => alert.Agency))
        {
            var positions = feed.Select(alert => alert.Position).ToList();
            Require(positions.SequenceEqual(Enumerable.Range(1, positions.Count).Select(position => (long)position)), $"I5: the feed of {feed.Key} has gaps or is out of order");
        }

        var alerts = _state.Alerts.Where(alert => alert.Kind == "OVERLAP_FOUND").ToLookup(alert => (alert.Agency, alert.Overlap));
        foreach (var overlap in _state.Overlaps)
        {
            var count = alerts[(overlap.Agency, overlap.Overlap)].Count();
            Require(count == 1, $"I2: {overlap.Agency} was alerted {count} times of overlap {overlap.Overlap}");
        }

        var known = _state.Overlaps.Select(overlap => (overlap.Agency, overlap.Overlap)).ToHashSet();
        foreach (var phantom in alerts.Where(alert => !known.Contains(alert.Key)))
        {
            _problems.Add($"I3: {phantom.Key.Agency} was alerted of overlap {phantom.Key.Overlap}, which it does not list");
        }
    }

    // I2: each agency that a check was told of has one alert of that check, and no other agency has any. A check that was sent again may have
    // been answered from what was left of what its first try hit, so its owners may be more than it was told of.
    private void ChecksAreToldToThoseTheyHit()
    {
        var alerts = _state.Alerts.Where(alert => alert.Kind == "CLAIM_CHECKED").ToLookup(alert => (alert.By, alert.Case));
        var checks = _operations.Where(did => did.Did == Did.Check).ToDictionary(did => (did.Agency, did.Case));
        foreach (var (key, check) in checks)
        {
            var told = alerts[key].Select(alert => alert.Agency).ToList();
            var hit = check.Told.Select(one => one.Agency).Distinct().ToList();
            foreach (var owner in hit)
            {
                var count = told.Count(agency => agency == owner);
                Require(count == 1, $"I2: {owner} was alerted {count} times of check {check.RequestId}, which was told of it");
            }

            Require(told.Distinct().Count() == told.Count, $"I2: an agency was alerted twice of check {check.RequestId}");
            Require(check.Tries > 1 || told.TrueForAll(hit.Contains), $"I3: an agency was alerted of check {check.RequestId}, which was not told of it");
        }

        foreach (var phantom in alerts.Where(alert => !checks.ContainsKey(alert.Key)))
        {
            _problems.Add($"I3: an agency was alerted of a check by {phantom.Key.By} that nobody made");
        }
    }

    // I6: for each claim there are a beginning and an end that all answers about it agree with. The latest beginning and the earliest end
    // that the answers which tell of it leave are the best for those that do not.
    private void AnswersAreLinearizable()
    {
        var readers = _operations.Where(did => did.Did is Did.Claim or Did.Check).ToLookup(did => did.Identifier);
        foreach (var operation in readers.SelectMany(group => group))
        {
            Require(operation.Told.Distinct().Count() == operation.Told.Count, $"I6: the answer to {operation.RequestId} tells of a claim twice");
            var unknown = operation.Told.Count(told => !_byCase.TryGetValue(told, out var life) || life.Made.Identifier != operation.Identifier || told.Agency == operation.Agency);
            Require(unknown == 0, $"I6: the answer to {operation.RequestId} tells of {unknown} claims that nobody made");
            Require(operation.NothingToDisclose is not { } nothing || nothing == (operation.Told.Count == 0), $"I6: the answer to {operation.RequestId} tells of {operation.Told.Count} claims, and its notice says otherwise");
        }

        foreach (var life in _lives)
        {
            var others = readers[life.Made.Identifier].Where(did => did.Agency != life.Made.Agency).ToLookup(did => did.Told.Contains((life.Made.Agency, life.Made.Case)));
            var (begins, ends) = (life.Made.Answered, life.Ended?.Asked ?? long.MaxValue);
            foreach (var teller in others[true])
            {
                Require(life.MayHaveLivedIn(teller), $"I6: the answer to {teller.Did} {teller.RequestId} tells of claim {life.Made.Claim}, which did not live then");
                (begins, ends) = (Math.Min(begins, teller.Answered), Math.Max(ends, teller.Asked));
            }

            foreach (var silent in others[false])
            {
                Require(silent.Asked <= begins || silent.Answered >= ends, $"I6: the answer to {silent.Did} {silent.RequestId} misses claim {life.Made.Claim}");
            }
        }
    }

    // I6: of two claims that met, the later one is told of the earlier, and never both of each other.
    private void OneOfTwoIsTold()
    {
        foreach (var (a, b) in _onIdentifier.SelectMany(group => Pairs([.. group])))
        {
            var told = (a.Made.Told.Contains((b.Made.Agency, b.Made.Case)) ? 1 : 0) + (b.Made.Told.Contains((a.Made.Agency, a.Made.Case)) ? 1 : 0);
            Require(told < 2, $"I6: claims {a.Made.Claim} and {b.Made.Claim} were each told of the other, so that each came first");
            Require(told > 0 || !a.SurelyMet(b), $"I6: neither of claims {a.Made.Claim} and {b.Made.Claim} was told of the other");
        }
    }

    // I7: every answered operation has exactly one audit entry.
    private void AuditHoldsEachOnce()
    {
        var audited = _state.Audited.ToLookup(entry => entry);
        foreach (var operation in _operations)
        {
            var count = audited[(operation.Agency, operation.RequestId)].Count();
            Require(count == 1, $"I7: {operation.Did} {operation.RequestId} of {operation.Agency} has {count} audit entries");
        }
    }

    private void Require(bool holds, string problem)
    {
        if (!holds)
        {
            _problems.Add(problem);
        }
    }

    private static IEnumerable<(Life A, Life B)> Pairs(IReadOnlyList<Life> lives)
    {
        for (var i = 0; i < lives.Count; i++)
        {
            for (var j = i + 1; j < lives.Count; j++)
            {
                if (lives[i].Made.Agency != lives[j].Made.Agency)
                {
                    yield return (lives[i], lives[j]);
                }
            }
        }
    }

    /// <summary>A claim, its release if it had one, and what was changed in between.</summary>
    private sealed record Life(Operation Made, Operation? Ended, IReadOnlyList<Operation> Changes)
    {
        private long SurelyUntil => Ended?.Asked ?? long.MaxValue;

        private long PerhapsUntil => Ended?.Answered ?? long.MaxValue;

        /// <summary>The contact that the last update wrote; nothing where there was none.</summary>
        public string? Contact => Changes.LastOrDefault(change => change.Did == Did.Update)?.Contact;

        /// <summary>The expiry that was last answered.</summary>
        public DateTimeOffset ExpiresAt => (Changes.LastOrDefault(change => change.Did == Did.Renew) ?? Made).ExpiresAt;

        public bool SurelyMet(Life other) => Math.Max(Made.Answered, other.Made.Answered) < Math.Min(SurelyUntil, other.SurelyUntil);

        public bool MayHaveMet(Life other) => Math.Max(Made.Asked, other.Made.Asked) < Math.Min(PerhapsUntil, other.PerhapsUntil);

        // An operation that was sent more than once may have been answered from what its first try saw: any instant from the first
        // question on counts.
        public bool MayHaveLivedIn(Operation operation) => Made.Asked < operation.Answered && operation.Asked < PerhapsUntil;
    }
}
