using Deconfliction.Domain.Agencies;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;

namespace Deconfliction.Domain.Tests.Simulation;

/// <summary>What may be done to a pair.</summary>
internal sealed partial class NaiveGrid
{
    private void OnPair(AgencyId by, OverlapView view, Expected expected, Action<Row, Pair> act)
    {
        var pair = Pairs.Find(one => one.Older.Claim.Id == view.A.Id && one.Newer.Claim.Id == view.B.Id)!;
        var row = pair.Older.Claim.Agency == by ? pair.Older : pair.Newer.Claim.Agency == by ? pair.Newer : null;
        if (row is null || Sees(row, pair.Other(row), pair) == Visibility.None)
        {
            expected.Status = AnswerStatus.NotFound;
            return;
        }

        act(row, pair);
    }

    private static void Acknowledge(Row row, Pair pair, Expected expected)
    {
        if (pair.Did.Add((row.Claim.Id, "acknowledge")))
        {
            Tell(expected, "OverlapAcknowledged", pair.Other(row), row, Sees(pair.Other(row), row, pair));
        }
    }

    private static void Resolve(Row row, Pair pair, Outcome outcome, Expected expected)
    {
        if (pair.Outcome != Outcome.None)
        {
            expected.Status = pair.Outcome == outcome ? AnswerStatus.Done : AnswerStatus.AlreadyResolved;
            return;
        }

        pair.Outcome = outcome;
        Tell(expected, "OverlapResolved", pair.Other(row), row, Sees(pair.Other(row), row, pair));
    }

    private static void Ask(Row row, Pair pair, Expected expected)
    {
        var other = pair.Other(row);
        if (other.IsReferrer && Sees(row, other, pair) == Visibility.Open)
        {
            expected.Status = AnswerStatus.CannotBeAsked;
        }
        else if (pair.Did.Add((row.Claim.Id, "ask")) && !other.IsReferrer)
        {
            expected.Alerts.Add(Alert(
                other.Claim.Agency.Value, "ContactRequested", other.Claim.Id, row.Claim.Id, Sees(other, row, pair), row.Claim.Agency.Value));
        }
    }

    private static void Disclose(Row row, Pair pair, Expected expected)
    {
        var other = pair.Other(row);
        var before = Sees(other, row, pair);
        pair.Did.Add((row.Claim.Id, "disclose"));
        Tell(expected, "Disclosed", other, row, before == Visibility.Open ? Visibility.None : Sees(other, row, pair));
    }
}
