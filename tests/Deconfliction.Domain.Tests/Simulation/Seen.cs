using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Domain.Tests.Deciding;

namespace Deconfliction.Domain.Tests.Simulation;

/// <summary>All that each agency is answered and alerted in a story, without ids that others' doings shift.</summary>
internal sealed class Seen
{
    private static readonly Decision NothingThere = new(new Answer { Status = AnswerStatus.NotFound }, [], []);

    private readonly Dictionary<AgencyId, List<string>> _lines = [];

    public IReadOnlyList<string> Of(AgencyId agency) => _lines.GetValueOrDefault(agency) ?? [];

    /// <summary>The status as the caller gives it: an ended claim of the asker's own, gone from the state, is in the ledger.</summary>
    public static AnswerStatus StatusOf(Decision decision, Bench bench) =>
        decision.Answer.Status == AnswerStatus.NotFound && !ReferenceEquals(decision, NothingThere) && bench.LastAsked is { } asked
            && bench.FindClaim(asked.Claim) is { } claim && claim.Agency == asked.By
            ? AnswerStatus.Ended
            : decision.Answer.Status;

    public void Take(Step step, Decision? decision, Bench bench)
    {
        if (step.By is { } by)
        {
            Add(by, $"{step.Text}: {Describe(by, decision ?? NothingThere, bench)}");
        }

        foreach (var alert in decision?.Alerts() ?? [])
        {
            Add(alert.To, $"{step.Number}: {Describe(alert, bench)}");
        }
    }

    private void Add(AgencyId agency, string line)
    {
        if (!_lines.TryGetValue(agency, out var lines))
        {
            _lines.Add(agency, lines = []);
        }

        lines.Add(line);
    }

    private static string Describe(AgencyId by, Decision decision, Bench bench)
    {
        var answer = decision.Answer;
        var status = StatusOf(decision, bench);
        var claim = answer.Claim is null || status == AnswerStatus.Ended ? "" : Describe(answer.Claim);
        var pointers = string.Join(',', answer.Pointers.Select(pointer => Shown(pointer.Other, pointer.Visibility)));
        var own = string.Join(',', answer.OwnClaims.Select(Describe));
        return $"{status} [{claim}] [{pointers}] of {answer.PointerCount} [{own}] {answer.Hazard} {answer.CrowdBand} "
            + $"{answer.PointersFromLedger} {(answer.Overlap is null ? "" : Describe(by, answer.Overlap))}";
    }

    // An own claim without what the owner is never told: whether it is held.
    private static string Describe(Claim own) => (own with { Held = false }).ToString();

    private static string Describe(AgencyId by, OverlapView view)
    {
        var own = view.OwnOf(by)!;
        var other = view.OtherOf(own);
        var overlap = view.Overlap;
        return $"{overlap.Outcome} {overlap.ResolvedAt:O} {overlap.SideOf(own.Id)} {overlap.SideOf(other.Id)} "
            + Shown(other, VisibilityRule.Of(other, overlap.SideOf(other.Id), own));
    }

    private static string Shown(Claim other, Visibility visibility) => $"{other.Id}:{visibility}";

    private static string Describe(Alert alert, Bench bench)
    {
        var overlap = alert.OverlapId is { } id ? bench.Overlap(id) : null;
        return $"{alert with { Id = Guid.Empty, OverlapId = null }} {overlap?.A.ClaimId} {overlap?.B.ClaimId}";
    }
}
