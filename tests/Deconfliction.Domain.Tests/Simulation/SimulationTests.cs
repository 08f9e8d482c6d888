using Deconfliction.Domain.Alerts;
using Deconfliction.Domain.Claims;
using Deconfliction.Domain.Deciding;
using Deconfliction.Domain.Overlaps;
using Deconfliction.Domain.Tests.Deciding;
using Xunit.Sdk;

namespace Deconfliction.Domain.Tests.Simulation;

/// <summary>Thousands of random histories against the naive grid. A failure prints its seed and the history up to the step.</summary>
public class SimulationTests
{
    private const int Histories = 2_000;
    private const int StepsPerHistory = 60;

    [Fact]
    public void Decide_RandomHistories_AgreesWithTheNaiveGrid() => ForEachSeed((seed, told) =>
    {
        var (bench, naive) = (new Bench(Story.Policy), new NaiveGrid(Story.Policy));
        foreach (var step in Story.Of(seed, StepsPerHistory))
        {
            told(step);
            bench.Now = step.At;
            if (step.Ask(bench) is not { } command)
            {
                continue;
            }

            var expectedFromRestored = step.Number % 4 == 0 ? Bench.Describe(bench.RunOnRestored(command)) : null;
            var decision = bench.Run(command);
            if (expectedFromRestored is not null)
            {
                Assert.Equal(expectedFromRestored, Bench.Describe(decision));
            }

            CompareDecision(naive.Take(command, step.At), decision, bench);
            CompareState(naive, bench);
            CheckDisclosures(decision);
        }

        CheckPairs(bench);
    });

    [Fact]
    public void Decide_WithAndWithoutASilentAgency_TellsThePlainOnesTheSame() => ForEachSeed((seed, told) =>
    {
        var story = Story.Of(seed, StepsPerHistory);
        var with = story.ToList();
        var without = story.Where(step => step.By != Story.Silent.Id).ToList();
        var (seenWith, seenWithout) = (Tell(with, told), Tell(without, _ => { }));
        foreach (var plain in Story.Plain)
        {
            Assert.Equal(
                string.Join('\n', seenWithout.Of(plain.Id)), string.Join('\n', seenWith.Of(plain.Id)));
        }
    });

    [Fact]
    public void Decide_ForAReferrer_TellsTheSameAsIfItWereAlone() => ForEachSeed((seed, told) =>
    {
        var story = Story.Of(seed, StepsPerHistory);
        var together = Tell(story, told);
        foreach (var referrer in Story.Referrers)
        {
            var alone = Tell(story.Where(step => step.By is null || step.By == referrer.Id), _ => { });
            Assert.Equal(string.Join('\n', alone.Of(referrer.Id)), string.Join('\n', together.Of(referrer.Id)));
        }
    });

    private static void ForEachSeed(Action<int, Action<Step>> run)
    {
        var failures = new SortedList<int, string>();
        Parallel.For(0, Histories, new ParallelOptions { MaxDegreeOfParallelism = 2 }, (seed, loop) =>
        {
            var told = new List<Step>();
            try
            {
                run(seed, told.Add);
            }
            catch (Exception exception) when (exception is XunitException or InvalidOperationException or ArgumentException)
            {
                var steps = string.Join('\n', told.Select(step => step.Text));
                lock (failures)
                {
                    failures.Add(seed, $"Seed {seed} fails at or after the last of these steps:\n{steps}\n{exception}");
                }

                loop.Break();
            }
        });
        Assert.True(failures.Count == 0, failures.Values.FirstOrDefault());
    }

    private static Seen Tell(IEnumerable<Step> steps, Action<Step> told)
    {
        var (bench, seen) = (new Bench(Story.Policy), new Seen());
        foreach (var step in steps)
        {
            told(step);
            bench.Now = step.At;
            seen.Take(step, step.Ask(bench) is { } command ? bench.Run(command) : null, bench);
        }

        return seen;
    }

    private static void CompareDecision(NaiveGrid.Expected expected, Decision decision, Bench bench)
    {
        var answer = decision.Answer;
        Assert.Equal(expected.Status, Seen.StatusOf(decision, bench));
        Assert.Equal(expected.Pairs.Order(), decision.Found().Select(overlap => $"{overlap.A.ClaimId} {overlap.B.ClaimId}").Order());
        Assert.Equal(expected.Alerts.Order(), decision.Alerts().Select(alert => Describe(alert, bench)).Order());
        Assert.Equal(expected.Pointers.Count, answer.PointerCount);
        Assert.Equal(
            expected.Pointers.Take(Story.Policy.PointersPerAnswer),
            answer.Pointers.Select(pointer => $"{pointer.Other.Id} {pointer.Visibility}"));
        Assert.Equal(expected.Hazard, answer.Hazard);
        Assert.Equal(expected.Band, answer.CrowdBand);
    }

    private static string Describe(Alert alert, Bench bench)
    {
        var other = alert.FromClaimId;
        if (alert.OverlapId is { } id)
        {
            var overlap = bench.Overlap(id);
            other = overlap.A.ClaimId == alert.ClaimId ? overlap.B.ClaimId : overlap.A.ClaimId;
            Assert.Equal(alert.To, overlap.SideOf(alert.ClaimId!.Value).Agency);
            Assert.True(alert.FromClaimId is null || alert.FromClaimId == other);
        }

        Assert.Equal(alert.To, bench.Claim(alert.ClaimId!.Value).Agency);
        return NaiveGrid.Alert(
            alert.To.Value, alert.Kind.ToString(), alert.ClaimId.Value, other, alert.Visibility, alert.From?.Value, alert.Note);
    }

    private static void CompareState(NaiveGrid naive, Bench bench)
    {
        var state = bench.State;
        Assert.Equal(
            naive.Rows.Where(naive.IsLive).Select(Describe).Order(),
            state.LiveClaims.Where(claim => claim.IsLive(bench.Now)).Select(Describe).Order());
        Assert.DoesNotContain(state.LiveClaims, claim => naive.Rows.Exists(row => row.Claim.Id == claim.Id && row.Ended));
        Assert.Equal(naive.IsCrowd, state.IsCrowd);
        Assert.Equal(naive.Hazard, state.Hazard);
        Assert.Equal(
            state.LiveClaims.Min(claim => (DateTimeOffset?)(claim.ExpiryAnnounced ? claim.ExpiresAt : claim.ExpiresAt - Story.Policy.ExpiryNotice)),
            state.NextDue(Story.Policy));
    }

    private static string Describe(NaiveGrid.Row row) =>
        $"{row.Claim.Id} {row.Claim.Disclosure} {row.Claim.Priority} {row.Claim.Revision} {row.Claim.ExpiresAt:O} {row.Held} {row.Noticed}";

    private static string Describe(Claim claim) =>
        $"{claim.Id} {claim.Disclosure} {claim.Priority} {claim.Revision} {claim.ExpiresAt:O} {claim.Held} {claim.ExpiryAnnounced}";

    // Rule 8: what is shown is on the record, and nothing else is.
    private static void CheckDisclosures(Decision decision)
    {
        var shown = decision.Alerts().Count(alert => alert.Visibility > Visibility.None)
            + decision.Answer.Pointers.Count(pointer => pointer.OverlapId == Guid.Empty);
        Assert.Equal(shown, decision.Disclosures.Count);
        Assert.All(decision.Answer.Pointers, pointer => Assert.Contains(
            decision.Disclosures,
            disclosed => disclosed.ClaimId == pointer.Other.Id && disclosed.OverlapId == pointer.OverlapId
                && disclosed.Visibility == pointer.Visibility));
        Assert.DoesNotContain(decision.Disclosures, disclosed => disclosed.To == disclosed.Of || disclosed.Visibility == Visibility.None);
    }

    // I2 and I3 over the whole history: once a pair, none within an agency, none that does not meet, none of two that never lived together.
    private static void CheckPairs(Bench bench)
    {
        var pairs = new HashSet<(Guid, Guid)>();
        foreach (var overlap in bench.Overlaps)
        {
            var (a, b) = (bench.Claim(overlap.A.ClaimId), bench.Claim(overlap.B.ClaimId));
            Assert.True(pairs.Add(a.Id < b.Id ? (a.Id, b.Id) : (b.Id, a.Id)), "A pair is stored twice.");
            Assert.NotEqual(a.Agency, b.Agency);
            Assert.True(a.Meets(b));
            Assert.All([a, b], claim =>
            {
                Assert.InRange(overlap.FoundAt, claim.CreatedAt, claim.EndedAt ?? claim.ExpiresAt);
                Assert.True(overlap.FoundAt < claim.ExpiresAt);
            });
        }
    }
}
